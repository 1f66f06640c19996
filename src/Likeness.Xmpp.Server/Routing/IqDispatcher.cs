using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Routing;

/// <summary>Sends iqs to the feature, account or session that answers them (RFC 6120 §8.2.3, §10; RFC 6121 §8.5).</summary>
internal sealed class IqDispatcher(AccountDirectory directory, FeatureRegistry registry, OutgoingQuestions questions)
{
    public ValueTask Deliver(Sender from, Element iq, Jid to)
    {
        switch (iq["type"])
        {
            case "result" or "error" when iq["id"] is not null:
                return HandleAnswer(from, iq, to);
            case "get" or "set" when iq["id"] is not null:
                if (to.Resource is null)
                {
                    return Answer(from, iq, to);
                }

                Forward(from, iq, to);
                return default;
            default:
                throw new StanzaErrorException(StanzaCondition.BadRequest, "An iq needs an id and one of the types get, set, result, error.");
        }
    }

    private ValueTask Answer(Sender from, Element iq, Jid to)
    {
        var payload = StanzaReply.Payload(iq);
        if (to.Local is null)
        {
            return ForServer(from, iq, payload);
        }

        if (from is Session own && to == own.Account.Jid)
        {
            return ForAccount(from, iq, payload, own.Account);
        }

        if (registry.IsOwnOnly(iq["type"]!, payload))
        {
            throw new StanzaErrorException(StanzaCondition.Forbidden);
        }

        var account = directory.Find(to);
        return account.IsCompletedSuccessfully ? ForAccount(from, iq, payload, account.Result) : AfterLoading(from, iq, payload, account);
    }

    private async ValueTask AfterLoading(Sender from, Element iq, Element payload, ValueTask<Account?> account) =>
        await ForAccount(from, iq, payload, await account);

    private async ValueTask ForAccount(Sender from, Element iq, Element payload, Account? target)
    {
        var prepared = registry.PreparedHandlerFor(iq["type"]!, payload);
        var handler = registry.HandlerFor(account: true, iq["type"]!, payload);

        // Missing account, blocked asker and unknown namespace look alike.
        var isNobody = target is null || target.Blocks(from.Jid);
        if ((handler is null && prepared is null) || (isNobody && !registry.IsAnybodys(iq["type"]!, payload)))
        {
            throw new StanzaErrorException(StanzaCondition.ServiceUnavailable);
        }

        var request = new IqRequest(iq, payload, from, isNobody ? null : target);
        if (prepared is not null)
        {
            from.ReplyResult(iq, await prepared(request));
        }
        else if (await handler!(request) is var result && !request.IsAnswered)
        {
            from.Reply(StanzaReply.Result(iq, result));
        }
    }

    private async ValueTask ForServer(Sender from, Element iq, Element payload)
    {
        var handler = registry.HandlerFor(account: false, iq["type"]!, payload)
            ?? throw new StanzaErrorException(StanzaCondition.ServiceUnavailable);
        from.Reply(StanzaReply.Result(iq, await handler(new IqRequest(iq, payload, from, null))));
    }

    // RFC 6121 §8.5.3.1: only somebody who may see the resource, or was addressed by it, learns that it is there.
    private void Forward(Sender from, Element iq, Jid to)
    {
        var account = directory.FindLoaded(to.BareText);
        var target = account?.SessionOf(to.Resource!);
        if (account is null || target is null || !(MayAsk(from.Jid, account, target) || MayDiscover(from.Jid, iq, account)) || account.Blocks(from.Jid))
        {
            throw new StanzaErrorException(StanzaCondition.ServiceUnavailable);
        }

        target.Send(iq);
    }

    private static bool MayAsk(Jid asker, Account account, Session target) =>
        asker.BareText == account.Jid.Text
        || account.Roster.Find(asker) is { SeesUs: true }
        || (target.HasDirected && target.Directed.IncludesAccountOf(asker));

    // A server that keeps what its people want to be notified of asks in its own name what their contacts' clients are (XEP-0163 §4.3.2).
    private static bool MayDiscover(Jid asker, Element iq, Account account) =>
        asker.Text == asker.Domain
        && iq["type"] == "get"
        && iq.FirstChild() is { Namespace: Ns.DiscoInfo }
        && account.Roster.Subscribers.Any(contact => contact.Contact.Domain == asker.Domain);

    // XEP-0191 §3.3: an answer nobody asked for is as good a way to reach somebody as any; a blocked sender's is dropped.
    private ValueTask HandleAnswer(Sender from, Element iq, Jid to)
    {
        if (questions.Complete(iq, to))
        {
            return default;
        }

        if (to.Resource is null)
        {
            return from is Session session ? session.Requests.Complete(iq) : default;
        }

        if (directory.FindLoaded(to.BareText) is { } account && !account.Blocks(from.Jid))
        {
            account.SessionOf(to.Resource)?.Send(iq);
        }

        return default;
    }
}
