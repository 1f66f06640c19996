using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Routing;

/// <summary>Subscription requests and answers by the state tables of RFC 6121 appendix A.</summary>
internal sealed class Subscriptions(
    AccountDirectory directory, Router router, RosterChanges changes, SubscriptionPresence exchange, FeatureRegistry features, XmppServerOptions options)
{
    /// <summary>A user's own subscribe, unsubscribe, subscribed or unsubscribed.</summary>
    /// <param name="contact">Bare address.</param>
    public async ValueTask Handle(Session session, Element presence, Jid contact)
    {
        var account = session.Account;
        var type = presence["type"]!;
        if (contact == account.Jid)
        {
            return;
        }

        presence = presence.Copy().Set("from", account.Jid.Text).Set("to", contact.Text);
        if (type == "subscribe" && !router.To(contact).IsThere)
        {
            // Nothing is pending with somebody who cannot be asked; the router says so.
            await router.Route(session, presence, contact);
            return;
        }

        using var held = await account.State<RosterOrder>().Outbound.Enter();
        await SendOut(session, account, presence, contact);
    }

    /// <summary>Takes a contact off the roster and ends what was between the two.</summary>
    public async ValueTask Remove(Account account, Jid contact)
    {
        using var held = await account.State<RosterOrder>().Outbound.Enter();
        var made = await changes.Apply(account, contact, item => item is { Listed: true } ? null : throw new StanzaErrorException(StanzaCondition.ItemNotFound));
        var before = made.Before!;
        if (before.IsSeen || before.Asking)
        {
            await Tell(account.Jid, contact, "unsubscribe");
        }

        if (before.SeesUs || before.PendingIn is not null)
        {
            await Tell(account.Jid, contact, "unsubscribed");
        }

        exchange.After(account, contact, made);
    }

    /// <summary>Requests that wait for an answer, told to a resource that came online.</summary>
    public async ValueTask DeliverPending(Session session)
    {
        foreach (var item in session.Account.Roster.Items)
        {
            if (item.PendingIn is { } request && !session.Account.Blocks(item.Contact))
            {
                if (!await session.Writable())
                {
                    return;
                }

                session.Send(XmlStreamReader.ParseElement(request, Ns.Client));
            }
        }
    }

    private async ValueTask SendOut(Sender sender, Account account, Element presence, Jid contact)
    {
        var type = presence["type"]!;
        var passes = false;
        var made = await changes.Apply(account, contact, item =>
        {
            var state = SubscriptionState.Of(item);
            if (type == "subscribed" && state.IsBeforeRequest)
            {
                return (item ?? new RosterItem { Contact = contact }) with { Approved = true, Listed = true };
            }

            var step = SubscriptionTable.For(state, inbound: false, type);
            passes = step.Passes;
            return Moved(type == "unsubscribed" && item is { Approved: true } ? item with { Approved = false } : item, contact, step.Next, request: null);
        });
        if (passes)
        {
            await router.Route(sender, presence, contact);
        }

        exchange.After(account, contact, made);
    }

    /// <summary>A subscription stanza comes to an account. One that does not exist stays silent.</summary>
    public async ValueTask Receive(Sender sender, Element presence, Jid to)
    {
        var from = sender.Jid.Bare;
        if (await directory.Find(to) is not { } account)
        {
            return;
        }

        // XEP-0191 §3.3: a blocked asker is not heard; what only ends a subscription is still taken note of.
        var isBlocked = account.Blocks(from);
        var type = presence["type"]!;
        if (isBlocked && type == "subscribe")
        {
            return;
        }

        var isAgreedTo = type == "subscribe" && await IsAgreedTo(account, presence);
        if (type == "subscribe")
        {
            presence = SubscriptionRequest.Bounded(presence);
        }

        SubscriptionStep? step = null;
        var made = await changes.Apply(
            account,
            from,
            item =>
            {
                var state = SubscriptionState.Of(item);
                step = (type == "subscribe" && item is { Approved: true } && state.IsBeforeRequest) || isAgreedTo
                    ? new SubscriptionStep(Passes: false, state with { Subscription = state.Subscription | Subscription.From, In = false }, "subscribed")
                    : SubscriptionTable.For(state, inbound: true, type);
                return Moved(item, from, step.Next, type == "subscribe" ? SubscriptionRequest.ToKeep(presence, account.Roster.Size, options) : null);
            },
            _ => Show(account, presence, step!.Passes && !isBlocked));
        if (step!.AutoReply is { } reply && !isBlocked)
        {
            await Tell(account.Jid, from, reply);
            if (reply == "subscribed" && !made.SeesUsChanged)
            {
                exchange.SendCurrent(account, from);
            }
        }

        exchange.After(account, from, made);
        if (isAgreedTo)
        {
            // The other's account may be busy with this very request.
            var request = new Element("presence", Ns.Client).Set("from", account.Jid.Text).Set("to", from.Text).Set("type", "subscribe");
            _ = router.Conclude(new ServerSender(account.Jid), request, AskBack(account, request, from)).AsTask();
        }
    }

    private async ValueTask<bool> IsAgreedTo(Account account, Element request)
    {
        foreach (var agreed in features.RequestAgreedTo)
        {
            if (await agreed(account, request))
            {
                return true;
            }
        }

        return false;
    }

    // XEP-0379 §3.5: who agreed to be seen wants to see, too.
    private async ValueTask AskBack(Account account, Element request, Jid contact)
    {
        using var held = await account.State<RosterOrder>().Outbound.Enter();
        await SendOut(new ServerSender(account.Jid), account, request, contact);
    }

    // A request goes to who is online; an answer goes to everybody with the roster on the screen as well (RFC 6121 §3.1.3, §3.1.6).
    private static void Show(Account account, Element presence, bool passes)
    {
        if (!passes)
        {
            return;
        }

        var isRequest = presence["type"] == "subscribe";
        foreach (var session in account.Sessions)
        {
            if (session.IsAvailable || (session.IsRosterInterested && !isRequest))
            {
                session.Send(presence);
            }
        }
    }

    private static RosterItem? Moved(RosterItem? item, Jid contact, SubscriptionState next, string? request)
    {
        if (SubscriptionState.Of(item) == next)
        {
            return item;
        }

        var moved = (item ?? new RosterItem { Contact = contact, Listed = false }) with
        {
            Subscription = next.Subscription,
            Asking = next.Out,
            PendingIn = next.In ? item?.PendingIn ?? request : null,
        };
        moved = moved with { Listed = moved.Listed || next.Out || next.Subscription != Subscription.None };
        return moved is { Listed: false, PendingIn: null } ? null : moved;
    }

    private ValueTask Tell(Jid from, Jid to, string type) => router.Route(
        new ServerSender(from),
        new Element("presence", Ns.Client).Set("from", from.Text).Set("to", to.Text).Set("type", type),
        to);
}
