namespace Likeness.Stores;

/// <summary>
/// What other processes on the same database changed, in the order in which it became durable. Where a database belongs to
/// one process, nothing ever comes.
/// </summary>
public interface IChangeFeed
{
    /// <summary>How long changes can be read; who read none for longer knows nothing any more.</summary>
    static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    /// <summary>Others may change what is stored; false: this process alone does.</summary>
    bool IsShared { get; }

    /// <summary>The number of the last change.</summary>
    ValueTask<long> Last(CancellationToken cancellationToken = default);

    /// <summary>Changes numbered higher than <paramref name="after"/>, those of this process left out of the list but not of the number.</summary>
    ValueTask<ChangePage> Read(long after, int most, CancellationToken cancellationToken = default);

    /// <summary>Calls <paramref name="hint"/> when the connection stands and whenever somebody changes something. Ends by being cancelled, or with an exception when the connection is lost.</summary>
    Task Listen(Action hint, CancellationToken cancellationToken);

    /// <summary>Drops what is older than <see cref="Kept"/>.</summary>
    ValueTask Prune(DateTimeOffset now, CancellationToken cancellationToken = default);
}

/// <summary>A stretch of the feed.</summary>
/// <param name="Last">Up to which number it was read.</param>
/// <param name="More">There may be more behind it.</param>
public sealed record ChangePage(IReadOnlyList<StoredChange> Changes, long Last, bool More);

/// <summary>Something that somebody else changed.</summary>
/// <param name="Subject">The identity, or the blocked picture's id.</param>
/// <param name="Detail">Of addresses the hashes that may stand for somebody else now, in hex and separated by spaces.</param>
public sealed record StoredChange(long Id, ChangeKind Kind, string Subject, string? Detail);

/// <summary>What kind of thing changed.</summary>
public enum ChangeKind
{
    Portrait,
    Address,
    Block,
    Account,
    Disabling,
}
