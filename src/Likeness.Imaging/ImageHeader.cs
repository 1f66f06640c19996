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
    public bool HeldWhole => Interlaced || Format is ImageFormat.WebP or ImageFormat.Gif;
}
