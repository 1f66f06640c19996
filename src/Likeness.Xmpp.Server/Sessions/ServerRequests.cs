using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Sessions;

/// <summary>Iqs the server itself sends to one client, such as the disco#info query behind XEP-0115, and who waits for the answers. Ends with its session.</summary>
public sealed class ServerRequests(Session session)
{
    private const int MaxWaiting = 32;
    private readonly Dictionary<string, Action<Element>> _waiting = new(StringComparer.Ordinal);

    /// <summary>False, and nothing asked, when the client owes too many answers already.</summary>
    /// <param name="answered">Gets the result or error on the stream of the answer, at most once.</param>
    public bool Ask(string from, string type, Element payload, Action<Element> answered)
    {
        var id = StanzaId.New();
        lock (_waiting)
        {
            if (_waiting.Count >= MaxWaiting)
            {
                return false;
            }

            _waiting.Add(id, answered);
        }

        session.Send(new Element("iq", Ns.Client).Set("from", from).Set("to", session.Jid.Text).Set("id", id).Set("type", type).Add(payload));
        return true;
    }

    /// <summary>False: nobody waits for this answer; it is dropped.</summary>
    public bool TryComplete(Element iq)
    {
        Action<Element>? answered;
        lock (_waiting)
        {
            if (!_waiting.Remove(iq["id"]!, out answered))
            {
                return false;
            }
        }

        answered(iq);
        return true;
    }
}
