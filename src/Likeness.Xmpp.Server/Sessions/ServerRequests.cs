using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Sessions;

/// <summary>Iqs the server itself sends to one client, such as the disco#info query behind XEP-0115, and who waits for the answers. Ends with its session.</summary>
internal sealed class ServerRequests(Session session)
{
    private const int MaxWaiting = 32;
    private readonly Dictionary<string, Func<Element, ValueTask>> _waiting = new(StringComparer.Ordinal);

    /// <summary>False, and nothing asked, when the client owes too many answers already.</summary>
    /// <param name="answered">Gets the result or error, at most once; the client's next stanza is handled after it.</param>
    public bool Ask(string from, string type, Element payload, Func<Element, ValueTask> answered)
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

    /// <summary>An answer of the client; one that nobody waits for is dropped.</summary>
    public ValueTask Complete(Element iq)
    {
        Func<Element, ValueTask>? answered;
        lock (_waiting)
        {
            _waiting.Remove(iq["id"]!, out answered);
        }

        return answered is null ? default : answered(iq);
    }
}
