using Likeness.Xmpp.Server.Accounts;
using Likeness.Xmpp.Server.Features.PubSub;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Xml;
using Microsoft.Extensions.Logging;

namespace Likeness.Xmpp.Server.Features;

/// <summary>XEP-0163 Personal Eventing Protocol 1.2.2 with what it needs of XEP-0060: every account is a publish-subscribe service.</summary>
internal sealed partial class Xep0163Pep(AccountNodes nodes, LastItems lastItems, AccountDirectory directory, ILogger<Xep0163Pep> log) : IFeature
{
    private static readonly string[] Offered =
    [
        "access-open", "access-presence", "access-roster", "access-whitelist", "auto-create", "auto-subscribe", "config-node",
        "config-node-max", "create-and-configure", "create-nodes", "delete-items", "delete-nodes", "filtered-notifications",
        "item-ids", "last-published", "multi-items", "persistent-items", "presence-notifications",
        "presence-subscribe", "publish", "publish-options", "publisher-affiliation", "purge-nodes", "retract-items",
        "retrieve-affiliations", "retrieve-default", "retrieve-items", "retrieve-subscriptions", "subscribe",
    ];

    public void Register(FeatureRegistry registry)
    {
        registry.AccountIdentities.Add(("pubsub", "pep"));
        registry.AccountFeatures.Add(Ns.PubSub);
        foreach (var feature in Offered)
        {
            registry.AccountFeatures.Add($"{Ns.PubSub}#{feature}");
        }

        var reading = new NodeReading(nodes);
        var publishing = new NodePublishing(nodes);
        var owning = new NodeOwning(nodes);
        registry.OnAccountIq("get", "pubsub", Ns.PubSub, reading.Handle);
        registry.OnAccountIq("set", "pubsub", Ns.PubSub, publishing.Handle);
        registry.OnOwnIq("get", "pubsub", Ns.PubSubOwner, owning.Handle);
        registry.OnOwnIq("set", "pubsub", Ns.PubSubOwner, owning.Handle);
        registry.AccountItems.Add(Items);
        registry.AccountNodeInfo.Add(Info);
        registry.InterestsAdded.Add(lastItems.SendAll);
        registry.SubscriptionChanged.Add(ShowToNewSubscriber);
    }

    // X84-42: only what the asker may read is there for the asker.
    private async ValueTask<IReadOnlyList<Element>> Items(Account account, Jid asker)
    {
        var all = await nodes.All(account);
        return
        [
            .. all.Where(node => NodeAccess.Allows(account, node, asker))
                .Select(node => new Element("item", Ns.DiscoItems).Set("jid", account.Jid.Text).Set("node", node.Name)),
        ];
    }

    // X84-41, P-5
    private async ValueTask<Element?> Info(Account account, Jid asker, string name)
    {
        var node = await nodes.Open(account, name);
        if (node.Options is null)
        {
            return null;
        }

        NodeAccess.Demand(account, node, asker);
        return new Element("query", Ns.DiscoInfo)
            .Set("node", name)
            .Add(new Element("identity", Ns.DiscoInfo).Set("category", "pubsub").Set("type", "leaf"))
            .Add(new Element("feature", Ns.DiscoInfo).Set("var", Ns.DiscoInfo))
            .Add(new Element("feature", Ns.DiscoInfo).Set("var", Ns.PubSub));
    }

    private void ShowToNewSubscriber(Account owner, Jid contact, bool sees)
    {
        if (sees && directory.FindLoaded(contact.BareText) is { } account)
        {
            _ = Show(owner, account);
        }
    }

    private async Task Show(Account owner, Account contact)
    {
        try
        {
            await lastItems.SendAll(owner, contact);
        }
#pragma warning disable CA1031 // Nobody waits for this; a fault is logged and ends nothing else.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Log.NotShown(log, owner.Jid.Text, fault);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "A new subscriber could not be shown the nodes of {Account}")]
        public static partial void NotShown(ILogger logger, string account, Exception exception);
    }
}
