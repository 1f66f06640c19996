namespace Likeness.Imaging;

/// <summary>What a picture's first bytes say about it, read without decoding.</summary>
/// <param name="Width">Pixels, as stored: an EXIF orientation is not applied.</param>
/// <param name="Height">Pixels, as stored.</param>
/// <param name="Frames">Pictures in the animation; 1 for a still picture.</param>
/// <param name="Interlaced">Adam7 PNG, progressive JPEG or interlaced GIF: cannot be decoded line by line.</param>
public sealed record ImageHeader(ImageFormat Format, int Width, int Height, int Frames, bool Interlaced)
{
    /// <summary>Pixels of one frame.</summary>
    public long Pixels => (long)Width * Height;

    /// <summary>True when a decoder has to hold every pixel at once, because the file is interlaced or its format has no other way.</summary>
    public bool HeldWhole => Interlaced || Format is ImageFormat.WebP or ImageFormat.Gif or ImageFormat.Avif;

    /// <summary>Bytes of packed text (PNG): each unpacks to up to a thousand.</summary>
    public int PackedText { get; init; }

    /// <summary>Milliseconds of processor time that decoding all frames takes, about, on a machine of 2024; read from the header, so what a file claims, not what it is.</summary>
    public double DecodeCost => ((((Pixels * NanosecondsPerPixel) + (Height * NanosecondsPerRow)) * Frames) + (PackedText * 1000.0) + StartNanoseconds) / 1e6;

    /// <summary>Pixels of the largest frame, which may be larger than what is shown of it.</summary>
    internal long LargestFrame { get; init; }

    /// <summary>The exponent that makes its numbers light, as a PNG says that knows no profile; 0 when it does not say or means sRGB anyway.</summary>
    internal double Gamma { get; init; }

    /// <summary>How dear a pixel of this kind is.</summary>
    internal double NanosecondsPerPixel { get; init; }

    private const double StartNanoseconds = 2e6;
    private const double NanosecondsPerRow = 40;
}
