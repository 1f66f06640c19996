using System.Globalization;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Routing;

/// <summary>Takes in what a session says of its presence: broadcast, directed, probe, or subscription (RFC 6121 §3, §4).</summary>
internal sealed class PresenceDispatcher(
    FeatureRegistry registry,
    Router router,
    PresenceBroadcast broadcast,
    DirectedPresence directed,
    PresenceProbes probes,
    Subscriptions subscriptions)
{
    public async ValueTask Handle(Session session, Element presence, Jid? to)
    {
        switch (presence["type"])
        {
            case null when to is null:
                await BecomeAvailable(session, presence);
                break;
            case "unavailable" when to is null:
                BecomeUnavailable(session, presence);
                break;
            case null or "unavailable" or "error":
                await directed.Send(session, presence, to ?? session.Account.Jid);
                break;
            case "probe":
                await router.Route(session, presence, to ?? session.Account.Jid);
                break;
            case "subscribe" or "subscribed" or "unsubscribe" or "unsubscribed" when to is not null:
                await subscriptions.Handle(session, presence, to.Bare);
                break;
            default:
                throw new StanzaErrorException(StanzaCondition.BadRequest, "This is no presence type of RFC 6121 §4.7.1.");
        }
    }

    /// <summary>The session is gone, with or without a word.</summary>
    public void End(Session session)
    {
        lock (session.Account.PresenceGate)
        {
            if (session.IsAvailable || session.HasDirected)
            {
                BecomeUnavailable(session, PresenceBroadcast.Unavailable(session));
            }
        }
    }

    private async ValueTask BecomeAvailable(Session session, Element presence)
    {
        var priority = PriorityOf(presence);
        bool isFirst;
        bool startsReceiving;
        lock (session.Account.PresenceGate)
        {
            if (!TakeIn(session, presence, priority, out isFirst, out startsReceiving))
            {
                return;
            }

            Taken(session, presence, isFirst);
            broadcast.Send(session);
        }

        if (isFirst)
        {
            await probes.CollectFor(session);
            await subscriptions.DeliverPending(session);
            foreach (var became in registry.BecameAvailable)
            {
                await became(session);
            }
        }

        if (startsReceiving)
        {
            foreach (var receives in registry.ReceivesMessages)
            {
                await receives(session);
            }
        }
    }

    // A resource whose place was taken, or whose stream ended, has been taken leave of; nobody would do so a second time.
    private static bool TakeIn(Session session, Element presence, int priority, out bool isFirst, out bool startsReceiving)
    {
        lock (session.Account.Gate)
        {
            isFirst = !session.IsAvailable;
            startsReceiving = priority >= 0 && (isFirst || session.Priority < 0);
            if (!session.IsBound)
            {
                return false;
            }

            session.Presence = presence;
            session.Priority = priority;
            return true;
        }
    }

    private void BecomeUnavailable(Session session, Element presence)
    {
        lock (session.Account.PresenceGate)
        {
            bool wasAvailable;
            lock (session.Account.Gate)
            {
                wasAvailable = session.IsAvailable;
                session.Presence = null;
            }

            Taken(session, presence, false);
            if (wasAvailable)
            {
                broadcast.SendUnavailable(session, presence);
            }

            session.Prepared = null;
            if (session.HasDirected)
            {
                foreach (var other in session.Directed.TakeAll())
                {
                    directed.TakeLeave(presence, other);
                }
            }
        }
    }

    private void Taken(Session session, Element presence, bool isFirst)
    {
        foreach (var taken in registry.PresenceTaken)
        {
            taken(session, presence, isFirst);
        }
    }

    // RFC 6121 §4.7.2.3: none is zero, and what is no number is none.
    private static int PriorityOf(Element presence)
    {
        var text = presence.Child("priority")?.Text().Trim();
        if (string.IsNullOrEmpty(text))
        {
            return 0;
        }

        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var priority) && priority is >= -128 and <= 127
            ? priority
            : throw new StanzaErrorException(StanzaCondition.BadRequest, "A priority is a number from -128 to 127.");
    }
}
