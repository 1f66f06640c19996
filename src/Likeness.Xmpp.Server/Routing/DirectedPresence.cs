using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Routing;

/// <summary>Presence addressed to somebody (RFC 6121 §4.6).</summary>
internal sealed class DirectedPresence(Router router, PresenceBroadcast broadcast)
{
    public ValueTask Send(Session session, Element presence, Jid to)
    {
        // Begun under the gate, in order with the final unavailable; waited for outside.
        lock (session.Account.PresenceGate)
        {
            switch (presence["type"])
            {
                case null when !session.IsBound:
                    // The final unavailable has been sent; nobody would send another one.
                    return default;
                case null:
                    return router.Route(session, Available(session, presence, to), to);
                case "unavailable" when session.HasDirected:
                    session.Directed.Remove(to);
                    break;
            }

            return router.Route(session, presence, to);
        }
    }

    /// <summary>The final unavailable for somebody known by directed presence only.</summary>
    public void TakeLeave(Element unavailable, Jid to) =>
        router.Send(new ServerSender(Jid.Parse(unavailable["from"]!)), unavailable.Copy().Set("to", to.Text), to);

    private Element Available(Session session, Element presence, Jid to)
    {
        var account = session.Account;
        var isSubscribed = to.BareText == account.Jid.Text || account.Roster.Find(to) is { SeesUs: true };
        if (!isSubscribed && router.To(to).IsThere && !session.Directed.TryAdd(to, presence.Child("x", Ns.Muc) is not null))
        {
            throw new StanzaErrorException(
                StanzaCondition.ResourceConstraint,
                $"A resource may be present to {DirectedAddresses.Max} addresses beside its contacts; take leave of some first.");
        }

        return broadcast.Stamp(session, presence, isSubscribed ? PresenceAudience.Subscribers : PresenceAudience.Stranger);
    }
}
