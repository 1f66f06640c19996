using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Routing;

/// <summary>The stages a message passes once it has reached its recipient's server, in this order.</summary>
internal enum MessageStage
{
    /// <summary>Nobody there, or the sender is blocked: refused before anybody else looks at it.</summary>
    Refuse,

    /// <summary>Kept in archives before it is delivered.</summary>
    Archive,

    /// <summary>Who is to get it is decided. Whoever comes later than that finds it in the archive.</summary>
    Decide,

    /// <summary>Given to the resources it is for.</summary>
    Deliver,

    /// <summary>Copied to resources that it was not for.</summary>
    Copy,

    /// <summary>Kept for later, when no resource took it.</summary>
    Keep,

    /// <summary>Told to devices that are asleep.</summary>
    Push,
}

/// <summary>Delivers messages: one way through the stages, each rule in one of them (RFC 6121 §8.5.4).</summary>
internal sealed class MessageDelivery(AccountDirectory directory, FeatureRegistry registry)
{
    /// <summary>The core's own stages; features add theirs.</summary>
    public static void Register(FeatureRegistry registry)
    {
        registry.OnMessage(MessageStage.Refuse, RefuseNobodyAndBlocked);
        registry.OnMessage(MessageStage.Deliver, DeliverToResources);
    }

    public async ValueTask Deliver(Sender from, Element message, Jid to)
    {
        if (to.Local is null)
        {
            throw new StanzaErrorException(StanzaCondition.ServiceUnavailable);
        }

        await Pass(new MessagePassage(from, message, to, await directory.Find(to)));
    }

    /// <summary>A message whose addressee ended without having taken it: other resources get it, or it is kept, or its sender hears of it.</summary>
    public async ValueTask Redeliver(Sender from, Element message, Session missed, DateTimeOffset received)
    {
        switch (message["type"])
        {
            case "groupchat" when missed.Account.SessionOf(missed.Jid.Resource!) is { } other && !ReferenceEquals(other, missed):
                // The client came back under the same address, and may be in the room again.
                return;
            case "groupchat":
                // The room learns that this occupant is gone.
                throw new StanzaErrorException(StanzaCondition.RecipientUnavailable);
            case "headline" or "error":
                return;
        }

        // What the account itself sent to the resource, such as a copy of what another one sends, is for nobody else.
        if (message["from"] == missed.Account.Jid.Text)
        {
            return;
        }

        await Pass(new MessagePassage(from, message, missed.Account.Jid, missed.Account) { Missed = missed, Received = received });
    }

    private async ValueTask Pass(MessagePassage passage)
    {
        for (var at = 0; at < registry.MessageStages.Length; at++)
        {
            if (at == registry.QuietStages)
            {
                await passage.From.Turn();
            }

            var pending = registry.MessageStages[at](passage);
            if (!pending.IsCompletedSuccessfully)
            {
                await pending;
            }

            if (passage.Outcome == MessageOutcome.Dropped)
            {
                return;
            }
        }

        if (passage.Outcome == MessageOutcome.Open)
        {
            passage.Refuse();
        }
    }

    private static ValueTask RefuseNobodyAndBlocked(MessagePassage passage)
    {
        if (passage.Account is null || passage.Account.Blocks(passage.From.Jid) || IsForNobodyThere(passage, passage.Account))
        {
            passage.Refuse();
        }

        return default;
    }

    // A normal message to a resource that is gone is refused (RFC 6121 §8.5.3.2.1).
    private static bool IsForNobodyThere(MessagePassage passage, Account account) =>
        passage.Type is not ("chat" or "groupchat" or "error" or "headline") && passage.To.Resource is { } resource && account.SessionOf(resource) is null;

    private static ValueTask DeliverToResources(MessagePassage passage)
    {
        var account = passage.Account!;
        if (passage.To.Resource is { } resource && account.SessionOf(resource) is { } addressed)
        {
            passage.GiveTo(new ReadOnlySpan<Session>(in addressed));
            passage.Outcome = MessageOutcome.Delivered;
            return default;
        }

        switch (passage.Type)
        {
            case "groupchat" or "error":
                passage.Refuse();
                break;
            case "headline":
                if (passage.To.IsBare)
                {
                    _ = SendToBest(passage, account, everybody: true);
                }

                passage.Outcome = MessageOutcome.Dropped;
                break;
            case not "chat" when !passage.IsArchived && !passage.To.IsBare:
                // It was there a moment ago.
                passage.Refuse();
                break;
            default:
                if (SendToBest(passage, account, everybody: false))
                {
                    passage.Outcome = MessageOutcome.Delivered;
                }

                break;
        }

        return default;
    }

    // Everybody with a priority that is not negative, or those of them with the highest.
    private static bool SendToBest(MessagePassage passage, Account account, bool everybody)
    {
        var sessions = account.Sessions;
        var least = 0;
        var count = 0;
        foreach (var session in sessions)
        {
            if (Takes(session, passage, least))
            {
                count = everybody || session.Priority == least ? count + 1 : 1;
                least = everybody ? 0 : session.Priority;
            }
        }

        // One is the rule, and needs no list.
        var takers = count > 1 ? new Session[count] : [];
        var found = 0;
        foreach (var session in sessions)
        {
            if (found < count && Takes(session, passage, least))
            {
                found++;
                if (count == 1)
                {
                    passage.GiveTo(new ReadOnlySpan<Session>(in session));
                }
                else
                {
                    takers[found - 1] = session;
                }
            }
        }

        if (count > 1 && found > 0)
        {
            passage.GiveTo(takers.AsSpan(0, found));
        }

        return found > 0;
    }

    private static bool Takes(Session session, MessagePassage passage, int least) =>
        session.IsAvailable && session.Priority >= least && !ReferenceEquals(session, passage.Missed);
}
