namespace Likeness.Stores;

/// <summary>Explicit subscriptions to PEP nodes (XEP-0060 §6.1). They go with the account, the node and the subscriber.</summary>
public interface INodeSubscriptionStore
{
    /// <summary>The nodes of an account that have subscriptions.</summary>
    ValueTask<IReadOnlyList<string>> Nodes(Identity account, CancellationToken cancellationToken = default);

    /// <summary>The subscriptions to one node.</summary>
    ValueTask<IReadOnlyList<NodeSubscription>> To(Identity account, string node, CancellationToken cancellationToken = default);

    /// <summary>What one person subscribed to, with any resource.</summary>
    /// <param name="subscriber">Bare address.</param>
    ValueTask<IReadOnlyList<NodeSubscription>> By(string subscriber, CancellationToken cancellationToken = default);

    /// <summary>Adds, or leaves what is there. False: one of the limits is reached.</summary>
    /// <param name="maxToAccount">Subscriptions to all nodes of the account.</param>
    /// <param name="maxBySubscriber">Subscriptions of one person to anybody.</param>
    ValueTask<bool> Add(NodeSubscription subscription, int maxToAccount, int maxBySubscriber, CancellationToken cancellationToken = default);

    /// <summary>False: there was none.</summary>
    ValueTask<bool> Remove(NodeSubscription subscription, CancellationToken cancellationToken = default);

    /// <summary>The node is gone.</summary>
    ValueTask RemoveAll(Identity account, string node, CancellationToken cancellationToken = default);
}

/// <summary>An explicit subscription.</summary>
/// <param name="Address">Bare or full, what events are sent to.</param>
public sealed record NodeSubscription(Identity Account, string Node, string Address)
{
    /// <summary>The bare address.</summary>
    public string Subscriber => Address.IndexOf('/', StringComparison.Ordinal) is var slash and > 0 ? Address[..slash] : Address;
}
