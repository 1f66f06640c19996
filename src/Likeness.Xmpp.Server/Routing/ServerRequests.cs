using System.Collections.Concurrent;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Routing;

/// <summary>Iqs the server itself sends to its clients, such as the disco#info query behind XEP-0115, and their answers.</summary>
public sealed class ServerRequests
{
    private readonly ConcurrentDictionary<(Session Session, string Id), Action<Element>> _waiting = new();

    /// <summary>Asks a session; <paramref name="answered"/> runs on the stream of the answer, at most once.</summary>
    public void Ask(Session session, string from, string type, Element payload, Action<Element> answered)
    {
        var id = StanzaId.New();
        _waiting[(session, id)] = answered;
        session.Send(new Element("iq", Ns.Client).Set("from", from).Set("to", session.Jid.Text).Set("id", id).Set("type", type).Add(payload));
    }

    /// <summary>False: nobody waits for this answer; it is dropped.</summary>
    public bool TryComplete(Session session, Element iq)
    {
        if (!_waiting.TryRemove((session, iq["id"]!), out var answered))
        {
            return false;
        }

        answered(iq);
        return true;
    }

    /// <summary>The session ended: its questions stay unanswered.</summary>
    public void Forget(Session session)
    {
        foreach (var key in _waiting.Keys.Where(key => ReferenceEquals(key.Session, session)))
        {
            _waiting.TryRemove(key, out _);
        }
    }
}
