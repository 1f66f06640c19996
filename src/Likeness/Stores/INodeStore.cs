using System.Text;

namespace Likeness.Stores;

/// <summary>
/// PEP nodes other than the avatar ones, whose content is the portrait (XEP-0163). What an account keeps in them is
/// counted in bytes with every change, in the same transaction.
/// </summary>
public interface INodeStore
{
    /// <summary>All nodes of an account without their items.</summary>
    ValueTask<IReadOnlyList<NodeRecord>> Load(Identity account, CancellationToken cancellationToken = default);

    /// <summary>Bytes of all nodes of an account with their items: the sum of their <see cref="NodeRecord.Size"/> and <see cref="NodeItem.Size"/>.</summary>
    ValueTask<long> Size(Identity account, CancellationToken cancellationToken = default);

    /// <summary>Creates or reconfigures. False: the account would keep more than <paramref name="maxBytes"/>; nothing was changed.</summary>
    ValueTask<bool> Save(Identity account, NodeRecord node, long maxBytes, CancellationToken cancellationToken = default);

    /// <summary>Removes the node with its items and subscriptions. False: it was not there.</summary>
    ValueTask<bool> Remove(Identity account, string node, CancellationToken cancellationToken = default);

    /// <summary>Items of a node, newest first. Null: the item the page is to begin behind is not there.</summary>
    ValueTask<NodePage?> Items(Identity account, string node, NodeQuery query, CancellationToken cancellationToken = default);

    /// <summary>
    /// In one transaction: the node if it is new, the item (same id: overwritten, becomes newest), and items beyond
    /// <paramref name="maxItems"/> dropped, oldest first. False: the account would keep more than <paramref name="maxBytes"/>;
    /// nothing was changed. What makes it keep less is never refused.
    /// </summary>
    ValueTask<bool> Publish(Identity account, NodeRecord node, NodeItem item, int maxItems, long maxBytes, CancellationToken cancellationToken = default);

    /// <summary>
    /// In one transaction: the node if it is new, these items in their order (same id: overwritten, becomes newest), and the items
    /// with these ids gone; one that is not there is passed over, and no id stands twice. False: the account would keep more than
    /// <paramref name="maxBytes"/>; nothing was changed. What makes it keep less is never refused.
    /// </summary>
    ValueTask<bool> Change(
        Identity account,
        NodeRecord node,
        IReadOnlyList<NodeItem> items,
        IReadOnlyList<string> gone,
        long maxBytes,
        CancellationToken cancellationToken = default);

    /// <summary>
    /// What a contact who comes online is sent of these accounts: whom of them let the contact see their presence, and the newest
    /// items of those of these nodes that are sent to whoever comes online. Ends between two accounts when there are
    /// <paramref name="maxBytes"/> of items; ask again without the accounts that are in the answer.
    /// </summary>
    /// <param name="accounts">At most <see cref="LastItemsOf.MaxAccounts"/>.</param>
    /// <param name="contact">Bare address.</param>
    /// <param name="nodes">At most <see cref="LastItemsOf.MaxNodes"/>.</param>
    ValueTask<IReadOnlyList<LastItemsOf>> LastItems(
        IReadOnlyCollection<Identity> accounts,
        string contact,
        IReadOnlyCollection<string> nodes,
        long maxBytes,
        CancellationToken cancellationToken = default);

    /// <summary>False: no such item.</summary>
    ValueTask<bool> Retract(Identity account, string node, string id, CancellationToken cancellationToken = default);

    ValueTask Purge(Identity account, string node, CancellationToken cancellationToken = default);
}

/// <summary>A node's configuration.</summary>
/// <param name="MaxItems">At most this many items are kept; <see cref="int.MaxValue"/> for <c>max</c>.</param>
/// <param name="SendLast"><c>never</c>, <c>on_sub</c> or <c>on_sub_and_presence</c>.</param>
/// <param name="Configuration">Other options as serialised name/value pairs, or null.</param>
public sealed record NodeRecord(string Node, AccessModel Access, bool Persist, int MaxItems, string SendLast, string? Configuration)
{
    /// <summary>What a row costs beyond its text.</summary>
    public const int Overhead = 100;

    /// <summary>Bytes it counts for, its items apart.</summary>
    public int Size => Encoding.UTF8.GetByteCount(Node) + Encoding.UTF8.GetByteCount(Configuration ?? "") + Overhead;
}

/// <summary>A published item.</summary>
/// <param name="Xml">The payload element, serialised.</param>
public sealed record NodeItem(string Id, string Xml, DateTimeOffset Published)
{
    /// <summary>Bytes it counts for.</summary>
    public int Size => Encoding.UTF8.GetByteCount(Id) + Encoding.UTF8.GetByteCount(Xml) + NodeRecord.Overhead;
}

/// <summary>Which items are wanted; at most one of the ways to begin.</summary>
/// <param name="MaxItems">How many at most.</param>
/// <param name="MaxBytes">No more items once they have this many bytes; the first one is given whatever its size.</param>
public sealed record NodeQuery(int MaxItems, long MaxBytes)
{
    /// <summary>Only these; null: all.</summary>
    public IReadOnlyList<string>? Ids { get; init; }

    /// <summary>Begin with the item that is next older than this one.</summary>
    public string? After { get; init; }

    /// <summary>End with the item that is next newer than this one; empty: end with the oldest of all.</summary>
    public string? Before { get; init; }

    /// <summary>Begin with the item that has this many newer ones.</summary>
    public int? Index { get; init; }
}

/// <summary>Some of a node's items, newest first.</summary>
/// <param name="Index">How many items are newer than the first one.</param>
/// <param name="Count">How many items there are in all, or, where ids were asked for, how many of these there are.</param>
public sealed record NodePage(IReadOnlyList<NodeItem> Items, int Index, int Count);

/// <summary>What a contact is sent of one account whose presence it sees.</summary>
/// <param name="Groups">The contact's groups in the account's roster.</param>
/// <param name="Blocked">The account's blocklist as its document has it, or null.</param>
public sealed record LastItemsOf(Identity Account, IReadOnlyList<string> Groups, string? Blocked, IReadOnlyList<(NodeRecord Node, NodeItem Item)> Items)
{
    public const int MaxAccounts = 16;

    public const int MaxNodes = 8;

    /// <summary>Bytes it counts for.</summary>
    public long Size => Items.Sum(last => (long)last.Item.Size) + (Blocked?.Length ?? 0);
}
