using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Routing;

/// <summary>What becomes of a session's stanzas, and of those it did not take. Here a stanza gets its sender, and what the sender's own side decides is applied; then it is routed.</summary>
internal sealed class SessionHandler(
    Router router,
    PresenceDispatcher presences,
    MessageDelivery messages,
    FeatureRegistry features,
    TimeProvider time) : ISessionHandler
{
    public StanzaHandling Receive(Session session, Element stanza, Task? former)
    {
        if (stanza.Namespace != Ns.Client)
        {
            features.StreamElements[stanza.Namespace](session, stanza);
            return default;
        }

        var sent = stanza.Name == "message" ? new SentMessage(session, stanza, former) : null;
        var handling = Accept(session, stanza, sent);
        return handling.IsCompletedSuccessfully ? default : new(router.Conclude(sent ?? (Sender)session, stanza, handling), sent?.Waiting);
    }

    public bool MayOvertake(Element stanza) =>
        stanza is { Name: "message", Namespace: Ns.Client } && Jid.TryParse(stanza["to"], out var to) && router.To(to).KeepsTurn;

    public void Binding(Session session, Element wanted, Element bound)
    {
        foreach (var child in wanted)
        {
            if (features.Inline.TryGetValue(child.Namespace, out var switchOn))
            {
                bound.Add(switchOn(session, child));
            }
        }

        session.ReadsArchiveUntil = time.GetUtcNow().UtcTicks;
    }

    public async ValueTask Bound(Session session, Element bound)
    {
        foreach (var describe in features.SessionBound)
        {
            bound.Add(await describe(session));
        }
    }

    public void Left(Session session) => presences.End(session);

    public void Resumed(Session session)
    {
        foreach (var resumed in features.SessionResumed)
        {
            resumed(session);
        }
    }

    public void Ended(Session session)
    {
        foreach (var ended in features.SessionEnded)
        {
            ended(session);
        }
    }

    public void Waits(Session session, PreparedStanza stanza)
    {
        foreach (var waits in features.StanzaWaits)
        {
            waits(session, stanza);
        }
    }

    /// <summary>Messages are delivered elsewhere, kept or refused; questions are answered with an error; answers and presence are of no use any more.</summary>
    public async ValueTask Undelivered(Session session, IReadOnlyList<ReturnedStanza> stanzas)
    {
        foreach (var (stanza, sent, isInDoubt) in stanzas)
        {
            if (!Jid.TryParse(stanza["from"], out var address))
            {
                continue;
            }

            Sender from = isInDoubt ? new ServerSender(address) : new RoutedSender(router, address);
            switch (stanza.Name)
            {
                case "message":
                    await router.Conclude(from, stanza, messages.Redeliver(from, stanza, session, sent));
                    break;
                case "iq" when stanza["type"] is "get" or "set":
                    from.Reply(StanzaReply.Error(stanza, StanzaCondition.RecipientUnavailable)!);
                    break;
            }
        }
    }

    private async ValueTask Accept(Session session, Element stanza, SentMessage? sent)
    {
        var to = AddressOf(stanza);
        stanza.Set("from", session.Jid.Text);
        RefuseBlocked(session, stanza, to);
        if (stanza.Name == "presence")
        {
            await presences.Handle(session, stanza, to);
        }
        else if (sent is not null)
        {
            sent.To = to ?? sent.To;
            await Send(sent);
        }
        else
        {
            // RFC 6120 §10.3: what has no address is for the sender's own account.
            await router.Route(session, stanza, to ?? session.Account.Jid);
        }
    }

    private async ValueTask Send(SentMessage sent)
    {
        foreach (var pass in features.BeforeRouting)
        {
            await pass(sent);
        }

        await router.Route(sent, sent.Message, sent.To);
        foreach (var pass in features.AfterRouting)
        {
            await pass(sent);
        }
    }

    private static Jid? AddressOf(Element stanza)
    {
        var text = stanza["to"];
        if (text is null)
        {
            return null;
        }

        return Jid.TryParse(text, out var to)
            ? to
            : throw new StanzaErrorException(StanzaCondition.JidMalformed, "The address in 'to' is not a valid XMPP address.");
    }

    // XEP-0191 §3.3: nothing goes out to a blocked contact but the presence that takes leave of it.
    private static void RefuseBlocked(Session session, Element stanza, Jid? to)
    {
        if (to is not null && session.Account.Blocks(to) && stanza["type"] is not ("error" or "result" or "unavailable" or "unsubscribe" or "unsubscribed"))
        {
            throw new StanzaErrorException(
                StanzaCondition.NotAcceptable,
                "You have blocked this contact.",
                new Element("blocked", Ns.BlockingErrors),
                "cancel");
        }
    }
}
