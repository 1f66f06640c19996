using Likeness.Xmpp.Server.Accounts;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Routing;

/// <summary>Sends iqs to the feature, account or session that answers them (RFC 6120 §8.2.3, §10; RFC 6121 §8.5).</summary>
public sealed class IqDispatcher(AccountDirectory directory, FeatureRegistry registry)
{
    public async ValueTask Handle(Session session, Element iq, Jid? to)
    {
        var type = iq["type"];
        if (iq["id"] is null || type is not ("get" or "set" or "result" or "error"))
        {
            throw new StanzaErrorException(StanzaCondition.BadRequest, "An iq needs an id and one of the types get, set, result, error.");
        }

        if (type is "result" or "error")
        {
            HandleAnswer(session, iq, to);
            return;
        }

        if (to is { Resource: not null } && directory.Serves(to.Domain))
        {
            Forward(session, iq, to);
            return;
        }

        await Answer(session, iq, to);
    }

    private ValueTask Answer(Session session, Element iq, Jid? to)
    {
        var payload = StanzaReply.Payload(iq);
        if (to is null)
        {
            return ForAccount(session, iq, payload, session.Account);
        }

        if (!directory.Serves(to.Domain))
        {
            throw new StanzaErrorException(StanzaCondition.RemoteServerNotFound);
        }

        if (to.Local is null)
        {
            return ForServer(session, iq, payload);
        }

        if (registry.IsOwnOnly(iq["type"]!, payload) && to != session.Account.Jid)
        {
            throw new StanzaErrorException(StanzaCondition.Forbidden);
        }

        var account = directory.Find(to);
        return account.IsCompletedSuccessfully ? ForAccount(session, iq, payload, account.Result) : AfterLoading(session, iq, payload, account);
    }

    private async ValueTask AfterLoading(Session session, Element iq, Element payload, ValueTask<Account?> account) =>
        await ForAccount(session, iq, payload, await account);

    private async ValueTask ForAccount(Session session, Element iq, Element payload, Account? target)
    {
        var prepared = registry.PreparedHandlerFor(iq["type"]!, payload);
        var handler = registry.HandlerFor(account: true, iq["type"]!, payload);

        // Missing account, blocked asker and unknown namespace look alike (C-8B, C-151, C-223).
        var isNobody = target is null || target.Blocks(session.Jid);
        if ((handler is null && prepared is null) || (isNobody && !registry.IsAnybodys(iq["type"]!, payload)))
        {
            throw new StanzaErrorException(StanzaCondition.ServiceUnavailable);
        }

        var request = new IqRequest(iq, payload, session.Jid, session, isNobody ? null : target);
        if (prepared is not null)
        {
            session.SendResult(iq, await prepared(request));
        }
        else
        {
            session.Send(StanzaReply.Result(iq, await handler!(request)));
        }
    }

    private async ValueTask ForServer(Session session, Element iq, Element payload)
    {
        var handler = registry.HandlerFor(account: false, iq["type"]!, payload)
            ?? throw new StanzaErrorException(StanzaCondition.ServiceUnavailable);
        session.Send(StanzaReply.Result(iq, await handler(new IqRequest(iq, payload, session.Jid, session, null))));
    }

    // C-8C: only somebody who may see the resource, or was addressed by it, learns that it is there.
    private void Forward(Session session, Element iq, Jid to)
    {
        var account = directory.FindLoaded(to.BareText);
        var target = account?.SessionOf(to.Resource!);
        if (account is null || target is null || !MayAsk(session.Jid, account, target) || account.Blocks(session.Jid))
        {
            throw new StanzaErrorException(StanzaCondition.ServiceUnavailable);
        }

        target.Send(iq);
    }

    private static bool MayAsk(Jid asker, Account account, Session target)
    {
        if (asker.BareText == account.Jid.Text || account.Roster.Find(asker) is { SeesUs: true })
        {
            return true;
        }

        return target.HasDirected && target.Directed.IncludesAccountOf(asker);
    }

    // XEP-0191 §3.3: an answer nobody asked for is as good a way to reach somebody as any; a blocked sender's is dropped.
    private void HandleAnswer(Session session, Element iq, Jid? to)
    {
        if (to is null || to.Resource is null)
        {
            session.Requests.TryComplete(iq);
        }
        else if (directory.FindLoaded(to.BareText) is { } account && !account.Blocks(session.Jid))
        {
            account.SessionOf(to.Resource)?.Send(iq);
        }
    }
}
