namespace Likeness.Stores;

/// <summary>What people and rooms have said and were told (XEP-0313): an archive for each of them, its messages numbered in their order, no number given twice.</summary>
public interface IArchiveStore
{
    /// <summary>16 secret bytes that ids of messages are made with; the same for good.</summary>
    ValueTask<byte[]> IdKey(CancellationToken cancellationToken = default);

    /// <summary>The archive of a person or room, made when there is none. Throws <see cref="AccountGoneException"/> for an address that is neither.</summary>
    /// <param name="owner">Bare address.</param>
    ValueTask<ArchiveState> Open(string owner, CancellationToken cancellationToken = default);

    /// <summary>Completes when the messages are durable. Those given first are durable first; many share one transaction.</summary>
    Task Add(params ReadOnlySpan<ArchivedMessage> messages);

    /// <summary>A page of messages, oldest first.</summary>
    /// <param name="isBackwards">The last ones of those asked for instead of the first.</param>
    /// <param name="most">How many.</param>
    /// <param name="maxBytes">How many bytes of stanzas; one message is given in any case.</param>
    ValueTask<ArchivePage> Read(long archive, ArchiveFilter filter, bool isBackwards, int most, long maxBytes, CancellationToken cancellationToken = default);

    /// <summary>How many there are.</summary>
    ValueTask<long> Count(long archive, ArchiveFilter filter, CancellationToken cancellationToken = default);

    /// <summary>Replaces what a message says. False: it is not there any more.</summary>
    ValueTask<bool> Replace(long archive, long number, byte[] stanza, CancellationToken cancellationToken = default);

    /// <summary>What the owner wants to be kept from now on.</summary>
    ValueTask Save(long archive, ArchiveRules rules, CancellationToken cancellationToken = default);

    /// <summary>A client has read it.</summary>
    ValueTask SaveAsked(long archive, DateTimeOffset asked, CancellationToken cancellationToken = default);

    /// <summary>Archives whose owner is gone.</summary>
    ValueTask<IReadOnlyList<ArchiveOwner>> Abandoned(int most, CancellationToken cancellationToken = default);

    /// <summary>Archives in the order of their numbers, from behind this one.</summary>
    ValueTask<IReadOnlyList<ArchiveOwner>> List(long after, int most, CancellationToken cancellationToken = default);

    /// <summary>One step of removing what is not to be kept any more, oldest first: at most so many messages. The number removed; fewer than <paramref name="most"/> when it is done.</summary>
    /// <param name="owner">Of the archive; null: its owner is gone, and so is everything in it.</param>
    ValueTask<int> Trim(ArchiveOwner owner, ArchiveLimits limits, int most, CancellationToken cancellationToken = default);
}

/// <summary>An archive.</summary>
/// <param name="Archive">Its number, never given again.</param>
/// <param name="Last">Number of the newest message there ever was; 0: none yet.</param>
/// <param name="Total">Bytes that were ever kept.</param>
/// <param name="Removed">Number of the newest message that was removed, or 0.</param>
/// <param name="RemovedTotal">The total of that one.</param>
/// <param name="Latest">The latest time of a message.</param>
/// <param name="Asked">When a client read it last; null: none ever did.</param>
public sealed record ArchiveState(long Archive, long Last, long Total, long Removed, long RemovedTotal, DateTimeOffset Latest, DateTimeOffset? Asked, ArchiveRules Rules);

/// <summary>An archive in a list.</summary>
/// <param name="Owner">Bare address; null: the owner is gone.</param>
public readonly record struct ArchiveOwner(long Archive, string? Owner);

/// <summary>A message in an archive.</summary>
/// <param name="Total">Bytes of the archive with this message and everything that ever was before it.</param>
/// <param name="Peer">Of a person's archive the other one's bare address, of a room's the nick.</param>
/// <param name="Resource">The other one's resource, if any.</param>
/// <param name="Stanza">UTF-8, declares its namespace.</param>
public sealed record ArchivedMessage(long Archive, long Number, DateTimeOffset Sent, long Total, string Peer, string? Resource, byte[] Stanza)
{
    /// <summary>Bytes that a message counts beside its stanza.</summary>
    public const int Overhead = 100;

    /// <summary>The bare address of who spoke in a room where everybody may know that.</summary>
    public string? Author { get; init; }

    /// <summary>Older than a message before it: the latest time of those; null: it is not.</summary>
    public DateTimeOffset? Latest { get; init; }
}

/// <summary>Which messages are meant; those that are all of it.</summary>
public sealed record ArchiveFilter
{
    /// <summary>The first number, inclusive.</summary>
    public long From { get; init; } = 1;

    /// <summary>The last number, inclusive.</summary>
    public long To { get; init; } = long.MaxValue;

    /// <summary>As in <see cref="ArchivedMessage.Peer"/>.</summary>
    public string? Peer { get; init; }

    /// <summary>As in <see cref="ArchivedMessage.Resource"/>; with <see cref="Peer"/> only.</summary>
    public string? Resource { get; init; }

    /// <summary>The earliest time, inclusive.</summary>
    public DateTimeOffset? Start { get; init; }

    /// <summary>The latest time, inclusive.</summary>
    public DateTimeOffset? End { get; init; }
}

/// <summary>Some messages of an archive.</summary>
/// <param name="IsWhole">Nothing of what was asked for is left in the direction of reading.</param>
public sealed record ArchivePage(IReadOnlyList<ArchivedMessage> Messages, bool IsWhole);

/// <summary>What the owner of an archive wants to be kept (XEP-0441).</summary>
public sealed record ArchiveRules(ArchiveRule Default, IReadOnlyList<string> Always, IReadOnlyList<string> Never)
{
    public static ArchiveRules Everything { get; } = new(ArchiveRule.Always, [], []);
}

/// <summary>What is kept of somebody who is in neither list.</summary>
public enum ArchiveRule
{
    Always,
    Never,

    /// <summary>What contacts say and are told.</summary>
    Roster,
}

/// <summary>How much of an archive is kept.</summary>
/// <param name="Before">Older messages go; null: none is too old.</param>
public sealed record ArchiveLimits(DateTimeOffset? Before, long MaxMessages, long MaxBytes);
