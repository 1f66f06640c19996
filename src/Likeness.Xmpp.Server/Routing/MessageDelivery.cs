using Likeness.Xmpp.Server.Accounts;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Routing;

/// <summary>Delivers messages by the table of RFC 6121 §8.5.4 as decided in C-8E.</summary>
public sealed class MessageDelivery(AccountDirectory directory, FeatureRegistry registry)
{
    public async ValueTask Handle(Session session, Element message, Jid? to)
    {
        // C-88: a message without address is for the sender's own account.
        to ??= session.Account.Jid;
        if (!directory.Serves(to.Domain))
        {
            throw new StanzaErrorException(StanzaCondition.RemoteServerNotFound);
        }

        if (to.Local is null)
        {
            throw new StanzaErrorException(StanzaCondition.ServiceUnavailable);
        }

        await Deliver(message, session.Jid, to, await directory.Find(to));
    }

    /// <summary>A message that a session was to have and did not take: for another resource, unless that got it at once, or for later.</summary>
    public async ValueTask Redeliver(Session session, Element message)
    {
        if (message["type"] is "error" or "headline" or "groupchat")
        {
            return;
        }

        var others = session.Account.Sessions.Where(other => !ReferenceEquals(other, session) && other is { IsAvailable: true, Priority: >= 0 }).ToArray();
        if (others.Length == 0)
        {
            await Keep(session.Account, message);
        }
        else if (Jid.TryParse(message["to"], out var to) && to.Resource is not null)
        {
            others.MaxBy(other => other.Priority)!.Send(message);
        }
    }

    private async ValueTask Deliver(Element message, Jid from, Jid to, Account? account)
    {
        var type = message["type"] ?? "normal";
        if (account is null || account.Blocks(from))
        {
            Refuse(type);
            return;
        }

        if (to.Resource is not null && account.SessionOf(to.Resource) is { } addressed)
        {
            addressed.Send(message);
            return;
        }

        switch (type)
        {
            case "error":
                return;
            case "groupchat":
                Refuse(type);
                return;
            case "headline":
                if (to.IsBare)
                {
                    ToAllNonNegative(account, message);
                }

                return;
            case "chat":
                await ToMostAvailableOrKeep(account, message);
                return;
            default:
                // A normal message to a resource that is gone is refused (RFC 6121 §8.5.3.2.1).
                if (!to.IsBare)
                {
                    throw new StanzaErrorException(StanzaCondition.ServiceUnavailable);
                }

                await ToMostAvailableOrKeep(account, message);
                return;
        }
    }

    private static void Refuse(string type)
    {
        if (type is not ("headline" or "error"))
        {
            throw new StanzaErrorException(StanzaCondition.ServiceUnavailable);
        }
    }

    private static void ToAllNonNegative(Account account, Element message)
    {
        foreach (var session in account.Sessions)
        {
            if (session is { IsAvailable: true, Priority: >= 0 })
            {
                session.Send(message);
            }
        }
    }

    private async ValueTask ToMostAvailableOrKeep(Account account, Element message)
    {
        var highest = -1;
        foreach (var session in account.Sessions)
        {
            if (session.IsAvailable && session.Priority > highest)
            {
                highest = session.Priority;
            }
        }

        if (highest < 0)
        {
            await Keep(account, message);
            return;
        }

        foreach (var session in account.Sessions)
        {
            if (session.IsAvailable && session.Priority == highest)
            {
                session.Send(message);
            }
        }
    }

    private async ValueTask Keep(Account account, Element message)
    {
        foreach (var keeper in registry.UndeliveredMessage)
        {
            if (await keeper(account, message))
            {
                return;
            }
        }

        throw new StanzaErrorException(StanzaCondition.ServiceUnavailable);
    }
}
