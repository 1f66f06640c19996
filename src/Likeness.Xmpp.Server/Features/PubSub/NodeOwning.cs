using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Features.PubSub;

/// <summary>What only the owner of a node does: configure, purge, delete (XEP-0060 §8).</summary>
internal sealed class NodeOwning(AccountNodes nodes, NodeSubscribing subscribing)
{
    public async ValueTask<Element?> Handle(IqRequest request)
    {
        var action = request.Payload.FirstChild() ?? throw new StanzaErrorException(StanzaCondition.BadRequest);
        return request.IsSet
            ? await AccountNodes.Change(request.Account, () => Change(request, action))
            : await Show(request, action);
    }

    /// <summary>The options a node gets by the form inside <paramref name="configure"/>.</summary>
    public static NodeOptions Configured(IPepNode node, Element? configure)
    {
        var present = node.Options ?? node.Defaults;
        if (NodeForm.Submission(configure, Ns.PubSubNodeConfig) is not { } form)
        {
            return present;
        }

        var wanted = NodeForm.Apply(form, present, Refuse);
        return NodeForm.Difference(node.Allowed(wanted), wanted) is { } difference
            ? throw new StanzaErrorException(StanzaCondition.NotAcceptable, $"Not everything can be chosen for this node: its {difference}.")
            : wanted;
    }

    private static StanzaErrorException Refuse(string option, string text) => option == "access_model"
        ? PubSubError.UnsupportedAccessModel(text)
        : new StanzaErrorException(StanzaCondition.NotAcceptable, text);

    private async ValueTask<Element?> Show(IqRequest request, Element action)
    {
        if (action.Name == "default")
        {
            return Owner(new Element("default", Ns.PubSubOwner).Add(NodeForm.Describe(NodeOptions.PepDefault, "form")));
        }

        var node = await Existing(request, action);
        return action.Name switch
        {
            "configure" => Owner(new Element("configure", Ns.PubSubOwner).Set("node", node.Name).Add(NodeForm.Describe(node.Options!, "form"))),
            "affiliations" => Owner(new Element("affiliations", Ns.PubSubOwner).Set("node", node.Name)
                .Add(new Element("affiliation", Ns.PubSubOwner).Set("jid", request.Account.Jid.Text).Set("affiliation", "owner"))),
            "subscriptions" => await subscribing.ListAll(request, node.Name),
            _ => throw new StanzaErrorException(StanzaCondition.BadRequest),
        };
    }

    private async ValueTask<Element?> Change(IqRequest request, Element action)
    {
        var node = await Existing(request, action);
        switch (action.Name)
        {
            // A cancelled form leaves everything as it is (XEP-0060 §8.2.4).
            case "configure" when action.Child("x", Ns.DataForms) is { } form && form["type"] == "cancel":
                return null;
            case "configure":
                await node.Configure(Configured(node, action));
                return null;
            case "purge":
                await node.Purge(request.From);
                return null;
            case "delete":
                await node.Delete(request.From);
                await subscribing.End(request.Account, node.Name);
                return null;
            case "affiliations":
                throw PubSubError.Unsupported("modify-affiliations");
            case "subscriptions":
                throw PubSubError.Unsupported("manage-subscriptions");
            default:
                throw new StanzaErrorException(StanzaCondition.BadRequest);
        }
    }

    private ValueTask<IPepNode> Existing(IqRequest request, Element action) =>
        nodes.Existing(request.Account, action["node"] is { Length: > 0 } given ? given : throw PubSubError.NodeIdRequired());

    private static Element Owner(Element answer) => new Element("pubsub", Ns.PubSubOwner).Add(answer);
}
