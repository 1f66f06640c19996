namespace Likeness.Files;

/// <summary>What people may upload, and where it is kept.</summary>
/// <param name="Folder">Belongs to this alone.</param>
public sealed record SharedFileOptions(string Folder)
{
    /// <summary>Bytes of one file.</summary>
    public long MaxFile { get; init; } = 25 * 1024 * 1024;

    /// <summary>Bytes that one person may upload in 24 hours.</summary>
    public long MaxPerDay { get; init; } = 100 * 1024 * 1024;

    /// <summary>Bytes that one person may have here.</summary>
    public long MaxPerAccount { get; init; } = 1024L * 1024 * 1024;

    /// <summary>Bytes of all files.</summary>
    public long MaxBytes { get; init; } = 10L * 1024 * 1024 * 1024;

    /// <summary>All files.</summary>
    public int MaxFiles { get; init; } = 200_000;

    /// <summary>How long a file is kept.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Where the web side is reached from outside; null: not known before it listens.</summary>
    public Uri? Web { get; init; }
}
