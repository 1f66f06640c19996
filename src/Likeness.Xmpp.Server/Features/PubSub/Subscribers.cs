using System.Collections.Immutable;
using Likeness.Stores;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Server.Sessions;

namespace Likeness.Xmpp.Server.Features.PubSub;

/// <summary>Who subscribed to nodes in so many words (XEP-0060 §6.1), beside those who hear them by presence and interest. A node nobody subscribed to costs no query.</summary>
internal sealed class Subscribers(IStores stores)
{
    private const int MaxToAccount = 1000;
    private const int MaxBySubscriber = 200;

    public async ValueTask<IReadOnlyList<NodeSubscription>> Of(Account owner, string node)
    {
        var known = owner.State<SubscribedNodes>();
        if (known.Nodes is null)
        {
            using var held = await known.Changing.Enter();
            known.Nodes ??= [.. await stores.NodeSubscriptions.Nodes(owner.Identity)];
        }

        return known.Nodes.Contains(node) ? await stores.NodeSubscriptions.To(owner.Identity, node) : [];
    }

    /// <param name="subscriber">Any address of the subscriber; the bare one counts.</param>
    public ValueTask<IReadOnlyList<NodeSubscription>> By(Jid subscriber) => stores.NodeSubscriptions.By(subscriber.BareText);

    /// <summary>False: there are too many already.</summary>
    public async ValueTask<bool> Add(Account owner, NodeSubscription subscription)
    {
        var known = owner.State<SubscribedNodes>();
        using var held = await known.Changing.Enter();
        known.Nodes = known.Nodes?.Add(subscription.Node);
        return await stores.NodeSubscriptions.Add(subscription, MaxToAccount, MaxBySubscriber);
    }

    /// <summary>False: there was none.</summary>
    public ValueTask<bool> Remove(NodeSubscription subscription) => stores.NodeSubscriptions.Remove(subscription);

    public ValueTask RemoveAll(Account owner, string node) => stores.NodeSubscriptions.RemoveAll(owner.Identity, node);

    /// <summary>The nodes of an account that may have subscribers: one that has none any more may stay for a while.</summary>
    private sealed class SubscribedNodes
    {
        private ImmutableHashSet<string>? _nodes;

        public AsyncLock Changing { get; } = new();

        public ImmutableHashSet<string>? Nodes
        {
            get => Volatile.Read(ref _nodes);
            set => Volatile.Write(ref _nodes, value);
        }
    }
}
