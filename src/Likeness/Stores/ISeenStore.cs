namespace Likeness.Stores;

/// <summary>Where portraits were seen, by day.</summary>
public interface ISeenStore
{
    /// <summary>How long it is kept.</summary>
    static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    /// <summary>Adds to what is there. People without a portrait are passed over; of one person and day at most <see cref="SeenTally.MaxSites"/> sites are told apart.</summary>
    ValueTask Add(IReadOnlyList<SeenRow> rows, CancellationToken cancellationToken = default);

    /// <summary>Everything of the person from this day on, summed up.</summary>
    ValueTask<IReadOnlyList<(string What, long Number)>> Read(Identity person, DateOnly since, CancellationToken cancellationToken = default);

    ValueTask Prune(DateOnly before, CancellationToken cancellationToken = default);
}

/// <summary>A count of one person and day.</summary>
/// <param name="What">As <see cref="SeenWhat"/> says.</param>
public sealed record SeenRow(Identity Person, DateOnly Day, string What, long Number);
