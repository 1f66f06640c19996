namespace Likeness.Stores;

/// <summary>PEP nodes other than the avatar ones, whose content is the portrait (XEP-0163).</summary>
public interface INodeStore
{
    /// <summary>All nodes of an account without their items.</summary>
    ValueTask<IReadOnlyList<NodeRecord>> Load(Identity account, CancellationToken cancellationToken = default);

    /// <summary>Creates or reconfigures.</summary>
    ValueTask Save(Identity account, NodeRecord node, CancellationToken cancellationToken = default);

    /// <summary>Removes the node and its items. False: it was not there.</summary>
    ValueTask<bool> Remove(Identity account, string node, CancellationToken cancellationToken = default);

    /// <summary>Items of a node, newest first; <paramref name="most"/> at most; null ids: all.</summary>
    ValueTask<IReadOnlyList<NodeItem>> Items(Identity account, string node, IReadOnlyList<string>? ids, int most, CancellationToken cancellationToken = default);

    /// <summary>In one transaction: the node if it is new, the item (same id: overwritten, becomes newest), and items beyond <paramref name="most"/> dropped, oldest first.</summary>
    ValueTask Publish(Identity account, NodeRecord node, NodeItem item, int most, CancellationToken cancellationToken = default);

    /// <summary>False: no such item.</summary>
    ValueTask<bool> Retract(Identity account, string node, string id, CancellationToken cancellationToken = default);

    ValueTask Purge(Identity account, string node, CancellationToken cancellationToken = default);
}

/// <summary>A node's configuration.</summary>
/// <param name="MaxItems">At most this many items are kept; <see cref="int.MaxValue"/> for <c>max</c>.</param>
/// <param name="SendLast"><c>never</c>, <c>on_sub</c> or <c>on_sub_and_presence</c>.</param>
/// <param name="Configuration">Other options as serialised name/value pairs, or null.</param>
public sealed record NodeRecord(string Node, AccessModel Access, bool Persist, int MaxItems, string SendLast, string? Configuration);

/// <summary>A published item.</summary>
/// <param name="Xml">The payload element, serialised.</param>
public sealed record NodeItem(string Id, string Xml, DateTimeOffset Published);
