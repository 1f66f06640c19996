namespace Likeness.Imaging;

/// <summary>What is refused before any decoder sees a picture. The defaults keep a render worker well under its memory limit.</summary>
public sealed record ImageLimits
{
    public static ImageLimits Default { get; } = new();

    /// <summary>Bytes (L-105: 10 MiB).</summary>
    public long LargestFile { get; init; } = 10 * 1024 * 1024;

    /// <summary>Width × height of a picture that can be decoded line by line.</summary>
    public long MaxPixels { get; init; } = 50_000_000;

    /// <summary>Width × height of a picture that has to be held whole (interlaced PNG, progressive JPEG, WebP, GIF): up to 8 bytes each.</summary>
    public long MaxPixelsHeldWhole { get; init; } = 25_000_000;

    /// <summary>Pictures in an animation.</summary>
    public int MaxFrames { get; init; } = 1_000;
}
