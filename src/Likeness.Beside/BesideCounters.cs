namespace Likeness.Beside;

/// <summary>What was done beside one server since the start.</summary>
public sealed class BesideCounters
{
    private long _events;
    private long _presences;
    private long _reads;
    private long _fetches;
    private long _changes;
    private long _removals;
    private long _writes;
    private long _failures;
    private long _echoes;
    private long _conflicts;

    /// <summary>Each by its name.</summary>
    public IEnumerable<KeyValuePair<string, long>> All =>
    [
        new("events", Interlocked.Read(ref _events)),
        new("presences", Interlocked.Read(ref _presences)),
        new("reads", Interlocked.Read(ref _reads)),
        new("fetches", Interlocked.Read(ref _fetches)),
        new("changes", Interlocked.Read(ref _changes)),
        new("removals", Interlocked.Read(ref _removals)),
        new("writes", Interlocked.Read(ref _writes)),
        new("failures", Interlocked.Read(ref _failures)),
        new("echoes", Interlocked.Read(ref _echoes)),
        new("conflicts", Interlocked.Read(ref _conflicts)),
    ];

    internal void Event() => Interlocked.Increment(ref _events);

    internal void Presence() => Interlocked.Increment(ref _presences);

    internal void Read() => Interlocked.Increment(ref _reads);

    internal void Fetch() => Interlocked.Increment(ref _fetches);

    internal void Change() => Interlocked.Increment(ref _changes);

    internal void Removal() => Interlocked.Increment(ref _removals);

    internal void Write() => Interlocked.Increment(ref _writes);

    internal void Failure() => Interlocked.Increment(ref _failures);

    internal void Echo() => Interlocked.Increment(ref _echoes);

    internal void Conflict() => Interlocked.Increment(ref _conflicts);
}
