using Likeness.Xmpp.Server.Accounts;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Routing;

/// <summary>Presence addressed to somebody (RFC 6121 §4.6, C-129).</summary>
public sealed class DirectedPresence(AccountDirectory directory, LocalDelivery delivery, PresenceBroadcast broadcast)
{
    public void Send(Session session, Element presence, Jid to)
    {
        lock (session.PresenceGate)
        {
            switch (presence["type"])
            {
                case null:
                    SendAvailable(session, presence, to);
                    break;
                case "unavailable":
                    if (session.HasDirected)
                    {
                        session.Directed.Remove(to);
                    }

                    Route(presence, session.Jid, to);
                    break;
                default:
                    Route(presence, session.Jid, to);
                    break;
            }
        }
    }

    /// <summary>The final unavailable for somebody known by directed presence only.</summary>
    public void TakeLeave(Element unavailable, Jid to) =>
        Route(unavailable.Copy().Set("to", to.Text), Jid.Parse(unavailable["from"]!), to);

    private void SendAvailable(Session session, Element presence, Jid to)
    {
        // The final unavailable has been sent; nobody would send another one.
        if (!session.IsBound)
        {
            return;
        }

        var account = session.Account;
        var isSubscribed = to.BareText == account.Jid.Text || account.Roster.Find(to) is { SeesUs: true };
        if (!isSubscribed && directory.Serves(to.Domain) && !session.Directed.TryAdd(to))
        {
            throw new StanzaErrorException(
                StanzaCondition.ResourceConstraint,
                $"A resource may be present to {DirectedAddresses.Max} addresses beside its contacts; take leave of some first.");
        }

        var audience = isSubscribed ? PresenceAudience.Subscribers : PresenceAudience.Stranger;
        Route(broadcast.Stamp(session, presence, audience), session.Jid, to);
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
