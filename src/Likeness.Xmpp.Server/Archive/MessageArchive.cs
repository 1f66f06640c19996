using Likeness.Stores;

namespace Likeness.Xmpp.Server.Archive;

/// <summary>The end of an archive, in memory: what the next message is numbered. Of one archive there is never a second one.</summary>
/// <param name="owner">Bare address.</param>
internal sealed class MessageArchive(Jid owner, ArchiveState state)
{
    private ArchiveRules _rules = state.Rules;
    private long _last = state.Last;
    private long _total = state.Total;
    private long _removed = state.Removed;
    private long _removedTotal = state.RemovedTotal;
    private DateTimeOffset _latest = state.Latest;

    public Jid Owner => owner;

    /// <summary>Its number in the database.</summary>
    public long Number { get; } = state.Archive;

    /// <summary>Number of the newest message.</summary>
    public long Last => Volatile.Read(ref _last);

    /// <summary>Nothing is kept in it.</summary>
    public bool IsEmpty => Last == Volatile.Read(ref _removed);

    public ArchiveRules Rules
    {
        get => Volatile.Read(ref _rules);
        set => Volatile.Write(ref _rules, value);
    }

    /// <summary>When a client read it last; null: none ever did. Written by one at a time.</summary>
    public DateTimeOffset? Asked { get; set; } = state.Asked;

    /// <summary>Somebody is removing what is too much.</summary>
    public int IsTrimmed;

    /// <summary>Held from giving numbers until the messages are on their way to the store, so that they get there in order; of two archives that of the lower number first.</summary>
    public Lock Gate { get; } = new();

    /// <summary>A message at the end. Call under the gate.</summary>
    public ArchivedMessage Next(DateTimeOffset now, string peer, string? resource, byte[] stanza, string? author = null)
    {
        // As exact as what clients are told: what they ask for by that time is found.
        var sent = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);
        var isLate = sent < _latest;
        _last++;
        _total += stanza.Length + ArchivedMessage.Overhead;
        _latest = isLate ? _latest : sent;
        return new ArchivedMessage(Number, _last, sent, _total, peer, resource, stanza) { Author = author, Latest = isLate ? _latest : null };
    }

    /// <summary>Holds so much more than it may that something should be removed.</summary>
    public bool IsOver(ArchiveLimits limits) =>
        Last - Volatile.Read(ref _removed) > limits.MaxMessages + (limits.MaxMessages / 50)
        || Volatile.Read(ref _total) - Volatile.Read(ref _removedTotal) > limits.MaxBytes + (limits.MaxBytes / 50);

    /// <summary>What was removed, as the store knows it.</summary>
    public void Removed(ArchiveState known)
    {
        Volatile.Write(ref _removed, known.Removed);
        Volatile.Write(ref _removedTotal, known.RemovedTotal);
    }
}
