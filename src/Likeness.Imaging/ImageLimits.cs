namespace Likeness.Imaging;

/// <summary>What is refused before any decoder sees a picture. The defaults keep a render worker well under its limits of memory and time.</summary>
public sealed record ImageLimits
{
    public static ImageLimits Default { get; } = new();

    /// <summary>Bytes.</summary>
    public long LargestFile { get; init; } = 10 * 1024 * 1024;

    /// <summary>Pixels of the longer edge.</summary>
    public int MaxEdge { get; init; } = 30_000;

    /// <summary>Width × height of a picture that can be decoded line by line.</summary>
    public long MaxPixels { get; init; } = 50_000_000;

    /// <summary>Width × height of a picture that has to be held whole (interlaced PNG, progressive JPEG, WebP, GIF): up to 8 bytes each.</summary>
    public long MaxPixelsHeldWhole { get; init; } = 25_000_000;

    /// <summary>Width × height of an AVIF: its decoder holds up to 16 bytes each.</summary>
    public long MaxPixelsOfAvif { get; init; } = 16_000_000;

    /// <summary>Pictures in an animation.</summary>
    public int MaxFrames { get; init; } = 1_000;

    /// <summary>Width × height × frames of an animation.</summary>
    public long MaxPixelsOfAllFrames { get; init; } = 250_000_000;

    /// <summary>Bytes of packed text in a PNG.</summary>
    public int MaxPackedText { get; init; } = 256 * 1024;

    /// <summary>Milliseconds; see <see cref="ImageHeader.DecodeCost"/>.</summary>
    public double MaxDecodeCost { get; init; } = 3_000;
}
