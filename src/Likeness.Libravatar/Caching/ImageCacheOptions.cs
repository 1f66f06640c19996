namespace Likeness.Libravatar.Caching;

/// <summary>How fetched pictures are kept.</summary>
public sealed record ImageCacheOptions
{
    /// <summary>Bytes of pictures in memory.</summary>
    public long MemoryBytes { get; set; } = 32 * 1024 * 1024;

    /// <summary>Where pictures outlive the process; null: nowhere. The folder must belong to this cache alone.</summary>
    public string? Folder { get; set; }

    /// <summary>Bytes in the folder.</summary>
    public long FolderBytes { get; set; } = 256 * 1024 * 1024;

    /// <summary>How long an answer is fresh when its server does not say.</summary>
    public TimeSpan DefaultTime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The least time an answer is fresh, whatever its server says.</summary>
    public TimeSpan MinTime { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The most time an answer is fresh.</summary>
    public TimeSpan MaxTime { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How long it is not asked again after a failure.</summary>
    public TimeSpan FailureTime { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a picture is still shown when its server fails.</summary>
    public TimeSpan StaleTime { get; set; } = TimeSpan.FromDays(7);

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(MemoryBytes);
        ArgumentOutOfRangeException.ThrowIfNegative(FolderBytes);
        ArgumentOutOfRangeException.ThrowIfLessThan(MinTime, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxTime, MinTime);
        ArgumentOutOfRangeException.ThrowIfLessThan(DefaultTime, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(FailureTime, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(StaleTime, TimeSpan.Zero);
    }
}
