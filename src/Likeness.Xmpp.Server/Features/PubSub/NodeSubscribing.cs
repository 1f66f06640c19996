using Likeness.Stores;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;
using Microsoft.Extensions.Logging;

namespace Likeness.Xmpp.Server.Features.PubSub;

/// <summary>Explicit subscriptions: subscribing, unsubscribing, listing (XEP-0060 §5.6, §6.1, §6.2, §8.8.1). They last while the subscriber may read the node.</summary>
internal sealed partial class NodeSubscribing(AccountNodes nodes, Subscribers subscribers, PepEvents events, ILogger<NodeSubscribing> log)
{
    public async ValueTask<Element?> Subscribe(IqRequest request, Element subscribe)
    {
        var address = Address(request, subscribe) ?? throw PubSubError.InvalidJid();
        var node = await nodes.Readable(request, subscribe["node"] ?? throw PubSubError.NodeIdRequired());
        if (!await subscribers.Add(request.Account, new NodeSubscription(request.Account.Identity, node.Name, address.Text)))
        {
            throw PubSubError.TooManySubscriptions();
        }

        if (node.Options!.SendLast != NodeOptions.Never && await node.Items(PepItem.Last) is { Items: [var last, ..] })
        {
            events.SendLast(request.Account, node, last, address);
        }

        return new Element("pubsub", Ns.PubSub).Add(Write(Ns.PubSub, node.Name, address.Text));
    }

    public async ValueTask<Element?> Unsubscribe(IqRequest request, Element unsubscribe)
    {
        // XEP-0060 §6.2.3.3: another's subscription is none of the asker's business.
        var address = Address(request, unsubscribe) ?? throw new StanzaErrorException(StanzaCondition.Forbidden);
        var node = unsubscribe["node"] ?? throw PubSubError.NodeIdRequired();
        var isEnded = request.Target is { } owner && await subscribers.Remove(new NodeSubscription(owner.Identity, node, address.Text));
        return isEnded ? null : throw PubSubError.NotSubscribed();
    }

    /// <summary>The asker's own.</summary>
    public async ValueTask<Element> List(IqRequest request, string? node)
    {
        var list = new Element("subscriptions", Ns.PubSub).Set("node", node);
        if (request.Target is { } owner)
        {
            foreach (var subscription in await subscribers.By(request.From))
            {
                if (subscription.Account == owner.Identity && (node is null || node == subscription.Node))
                {
                    list.Add(Write(Ns.PubSub, subscription.Node, subscription.Address));
                }
            }
        }

        return new Element("pubsub", Ns.PubSub).Add(list);
    }

    /// <summary>Those to the asker's own node.</summary>
    public async ValueTask<Element> ListAll(IqRequest request, string node)
    {
        var list = new Element("subscriptions", Ns.PubSubOwner).Set("node", node);
        var asked = ResultSetRequest.Read(request.Payload);
        var all = (await subscribers.Of(request.Account, node)).OrderBy(subscription => subscription.Address, StringComparer.Ordinal).ToArray();
        var page = Xep0059Paging.Cut(all, one => one.Address, one => one.Address.Length + 64, asked) ?? throw new StanzaErrorException(StanzaCondition.ItemNotFound);
        foreach (var subscription in page.Items)
        {
            list.Add(new Element("subscription", Ns.PubSubOwner).Set("jid", subscription.Address).Set("subscription", "subscribed"));
        }

        return new Element("pubsub", Ns.PubSubOwner).Add(list).Add(page.Describe(asked, one => one.Address)?.ToElement());
    }

    /// <summary>The node was deleted.</summary>
    public ValueTask End(Account owner, string node) => subscribers.RemoveAll(owner, node);

    /// <summary>Who no longer sees the presence keeps what is open to everybody and nothing else (XEP-0163 §7.1).</summary>
    public void OnSubscriptionChanged(Account owner, Jid contact, bool sees)
    {
        if (!sees)
        {
            _ = EndWithoutAccess(owner, contact);
        }
    }

    private async Task EndWithoutAccess(Account owner, Jid contact)
    {
        try
        {
            foreach (var subscription in await subscribers.By(contact))
            {
                if (subscription.Account == owner.Identity && !NodeAccess.Allows(owner, await nodes.Open(owner, subscription.Node), contact))
                {
                    await subscribers.Remove(subscription);
                }
            }
        }
#pragma warning disable CA1031 // Nobody waits for this, and access is looked at with every event.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Log.NotEnded(log, owner.Jid.Text, fault);
        }
    }

    private static Jid? Address(IqRequest request, Element action) =>
        Jid.TryParse(action["jid"], out var address) && address.BareText == request.From.BareText ? address : null;

    private static Element Write(string ns, string node, string address) =>
        new Element("subscription", ns).Set("node", node).Set("jid", address).Set("subscription", "subscribed");

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Subscriptions to nodes of {Account} that have no access any more could not be ended")]
        public static partial void NotEnded(ILogger logger, string account, Exception exception);
    }
}
