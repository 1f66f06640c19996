using Likeness.Xmpp.Server.Accounts;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Routing;

/// <summary>Presence addressed to somebody (RFC 6121 §4.6, C-129).</summary>
public sealed class DirectedPresence(AccountDirectory directory, LocalDelivery delivery, PresenceBroadcast broadcast)
{
    public void Send(Session session, Element presence, Jid to)
    {
        var account = session.Account;
        var isSubscribed = to.BareText == account.Jid.Text || account.Roster.Find(to) is { SeesUs: true };
        switch (presence["type"])
        {
            case null:
                Remember(session, to, isSubscribed);
                var audience = isSubscribed ? PresenceAudience.Subscribers : PresenceAudience.Stranger;
                Route(broadcast.Stamp(session, presence, audience), session.Jid, to);
                break;
            case "unavailable":
                Forget(session, to);
                Route(presence, session.Jid, to);
                break;
            default:
                Route(presence, session.Jid, to);
                break;
        }
    }

    /// <summary>The final unavailable for somebody known by directed presence only.</summary>
    public void TakeLeave(Element unavailable, Jid to) =>
        Route(unavailable.Copy().Set("to", to.Text), Jid.Parse(unavailable["from"]!), to);

    private static void Remember(Session session, Jid to, bool isSubscribed)
    {
        if (!isSubscribed)
        {
            lock (session.Account.Gate)
            {
                session.Directed.Add(to);
            }
        }
    }

    private static void Forget(Session session, Jid to)
    {
        lock (session.Account.Gate)
        {
            session.Directed.Remove(to);
        }
    }

    private void Route(Element presence, Jid from, Jid to)
    {
        if (!directory.Serves(to.Domain) || to.Local is null)
        {
            // Nothing but local accounts yet; presence that cannot be delivered is dropped silently (RFC 6121 §8.5.1).
            return;
        }

        if (to.Resource is null)
        {
            delivery.ToAvailable(to, new PreparedStanza(presence.Copy().Set("to", null)), from);
        }
        else if (directory.FindLoaded(to.BareText) is { } account && !account.Blocks(from))
        {
            delivery.TryToResource(to, presence);
        }
    }
}
