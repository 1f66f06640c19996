using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Features.PubSub;

/// <summary>Publishing, retracting, creating (XEP-0060 §7, §8.1).</summary>
internal sealed class NodePublishing(AccountNodes nodes, NodeSubscribing subscribing)
{
    public ValueTask<Element?> Handle(IqRequest request) => request.Payload.FirstChild() switch
    {
        { Name: "publish" } publish => Owned(request, publish, name => Publish(request, publish, name)),
        { Name: "retract" } retract => Owned(request, retract, name => Retract(request, retract, name)),
        { Name: "create" } create => Owned(request, create, name => Create(request, create, name)),
        { Name: "subscribe" } subscribe => subscribing.Subscribe(request, subscribe),
        { Name: "unsubscribe" } unsubscribe => subscribing.Unsubscribe(request, unsubscribe),
        { Name: "options" } => throw PubSubError.Unsupported("subscription-options"),
        _ => throw new StanzaErrorException(StanzaCondition.BadRequest),
    };

    private static async ValueTask<Element?> Owned(IqRequest request, Element action, Func<string, ValueTask<Element?>> run)
    {
        if (!request.IsOwn)
        {
            throw new StanzaErrorException(StanzaCondition.Forbidden);
        }

        // An instant node (XEP-0060 §8.1.2) has no use in PEP, where nodes are named by their payload.
        var name = action["node"] is { Length: > 0 } given ? given : throw PubSubError.NodeIdRequired();
        return await AccountNodes.Change(request.Account, () => run(AccountNodes.Named(name)));
    }

    private async ValueTask<Element?> Publish(IqRequest request, Element publish, string name)
    {
        var item = SingleItem(publish);
        var payload = SinglePayload(item);
        var node = await nodes.Open(request.Account, name);
        var options = Preconditions(request.Payload.Child("publish-options"), node);
        var id = await node.Publish(new Publication(request.From, item["id"] is { Length: > 0 } given ? given : null, payload, options));
        return new Element("pubsub", Ns.PubSub)
            .Add(new Element("publish", Ns.PubSub).Set("node", name).Add(new Element("item", Ns.PubSub).Set("id", id)));
    }

    private static Element SingleItem(Element publish)
    {
        Element? single = null;
        foreach (var item in publish)
        {
            single = single is null && item.Is("item", Ns.PubSub)
                ? item
                : throw new StanzaErrorException(StanzaCondition.BadRequest, "One item is published at a time.");
        }

        return single ?? throw PubSubError.ItemRequired();
    }

    private static Element SinglePayload(Element item)
    {
        Element? payload = null;
        foreach (var child in item)
        {
            payload = payload is null ? child : throw PubSubError.InvalidPayload("An item has exactly one payload element.");
        }

        return payload ?? throw PubSubError.PayloadRequired();
    }

    // XEP-0060 §7.1.5: a node that exists must have the values; one that does not is created with them.
    private static NodeOptions Preconditions(Element? publishOptions, IPepNode node)
    {
        var present = node.Options ?? node.Defaults;
        if (NodeForm.Submission(publishOptions, Ns.PubSubPublishOptions) is not { } form)
        {
            return present;
        }

        var wanted = node.Bound(NodeForm.Apply(form, present, (_, text) => PubSubError.PreconditionNotMet(text)));
        if (node.Options is not null && node.Meets(wanted))
        {
            return wanted;
        }

        return NodeForm.Difference(node.Options ?? node.Allowed(wanted), wanted) is { } difference
            ? throw PubSubError.PreconditionNotMet($"The node's {difference}.")
            : wanted;
    }

    private async ValueTask<Element?> Retract(IqRequest request, Element retract, string name)
    {
        var id = SingleItem(retract)["id"] is { Length: > 0 } given ? given : throw PubSubError.ItemRequired();
        var node = await nodes.Existing(request.Account, name);
        var isNotified = retract["notify"] is not ("0" or "false");
        return await node.Retract(id, request.From, isNotified)
            ? null
            : throw new StanzaErrorException(StanzaCondition.ItemNotFound, "There is no such item.");
    }

    private async ValueTask<Element?> Create(IqRequest request, Element create, string name)
    {
        var node = await nodes.Open(request.Account, name);
        if (node.Options is not null)
        {
            throw new StanzaErrorException(StanzaCondition.Conflict, "The node exists already.");
        }

        await node.Configure(NodeOwning.Configured(node, request.Payload.Child("configure")));
        return new Element("pubsub", Ns.PubSub).Add(new Element("create", Ns.PubSub).Set("node", name));
    }
}
