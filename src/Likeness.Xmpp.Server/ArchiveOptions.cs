namespace Likeness.Xmpp.Server;

/// <summary>What an operator can decide about archives; how long they keep messages is each domain's own decision (<see cref="DomainPolicy.ArchiveDays"/>).</summary>
public sealed record ArchiveOptions
{
    /// <summary>False: nothing is kept, and nobody is told of archives.</summary>
    public bool IsOn { get; init; } = true;

    /// <summary>Messages of one person's or one room's archive; the oldest ones make room for new ones.</summary>
    public int MaxMessages { get; init; } = 100_000;

    /// <summary>Bytes of one archive: stanzas, and 100 more for each.</summary>
    public long MaxBytes { get; init; } = 256 * 1024 * 1024;
}
