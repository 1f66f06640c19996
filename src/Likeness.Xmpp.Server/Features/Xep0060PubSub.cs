using Likeness.Xmpp.Server.Features.PubSub;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Features;

/// <summary>XEP-0060 Publish-Subscribe 1.26 as far as XEP-0163 needs it: what can be asked of an account's nodes. The questions are answered in PubSub/.</summary>
internal sealed class Xep0060PubSub(AccountNodes nodes, NodeSubscribing subscribing) : IFeature
{
    private static readonly string[] Offered =
    [
        "access-open", "access-presence", "access-roster", "access-whitelist", "auto-create", "auto-subscribe", "config-node",
        "config-node-max", "create-and-configure", "create-nodes", "delete-items", "delete-nodes", "filtered-notifications",
        "item-ids", "last-published", "meta-data", "multi-items", "persistent-items", "presence-notifications",
        "presence-subscribe", "publish", "publish-options", "publisher-affiliation", "purge-nodes", "retract-items",
        "retrieve-affiliations", "retrieve-default", "retrieve-items", "retrieve-subscriptions", "rsm", "subscribe",
    ];

    public void Register(FeatureRegistry registry)
    {
        registry.AccountFeatures.Add(Ns.PubSub);
        foreach (var feature in Offered)
        {
            registry.AccountFeatures.Add($"{Ns.PubSub}#{feature}");
        }

        var owning = new NodeOwning(nodes, subscribing);
        registry.OnAnybodysIq("get", "pubsub", Ns.PubSub, new NodeReading(nodes, subscribing).Handle);
        registry.OnAnybodysIq("set", "pubsub", Ns.PubSub, new NodePublishing(nodes, subscribing).Handle);
        registry.OnOwnIq("get", "pubsub", Ns.PubSubOwner, owning.Handle);
        registry.OnOwnIq("set", "pubsub", Ns.PubSubOwner, owning.Handle);
        registry.AccountItems.Add(Items);
        registry.AccountNodeInfo.Add(Info);
        registry.SubscriptionChanged.Add(subscribing.OnSubscriptionChanged);
    }

    // XEP-0163 §6.2: only what the asker may read is there for the asker.
    private async ValueTask<IReadOnlyList<Element>> Items(Account account, Jid asker)
    {
        var all = await nodes.All(account);
        return
        [
            .. all.Where(node => NodeAccess.Allows(account, node, asker))
                .Select(node => new Element("item", Ns.DiscoItems).Set("jid", account.Jid.Text).Set("node", node.Name).Set("name", node.Options?.Title)),
        ];
    }

    // XEP-0060 §5.3, §5.4
    private async ValueTask<Element?> Info(Account account, Jid asker, string name)
    {
        var node = await nodes.Open(account, name);
        return node.Options is null || !NodeAccess.Allows(account, node, asker)
            ? null
            : new Element("query", Ns.DiscoInfo)
                .Set("node", name)
                .Add(new Element("identity", Ns.DiscoInfo).Set("category", "pubsub").Set("type", "leaf").Set("name", node.Options.Title))
                .Add(new Element("feature", Ns.DiscoInfo).Set("var", Ns.DiscoInfo))
                .Add(new Element("feature", Ns.DiscoInfo).Set("var", Ns.PubSub))
                .Add(NodeForm.Metadata(node.Options, account.Jid));
    }
}
