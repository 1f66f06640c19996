namespace Likeness;

/// <summary>What is known about a picture without its bytes.</summary>
/// <param name="MediaType">Detected from the bytes, such as <c>image/png</c>; <c>application/octet-stream</c> for bytes no decoder of ours knows.</param>
/// <param name="Width">Pixels; 0 when unknown.</param>
/// <param name="Height">Pixels; 0 when unknown.</param>
/// <param name="Length">Bytes.</param>
public sealed record PictureInfo(PictureId Id, string MediaType, int Width, int Height, int Length)
{
    /// <summary>Of a type that may be animated; the still ones of our own making are of other types.</summary>
    public bool MayMove => MediaType is "image/gif" or "image/webp";
}

/// <summary>Immutable bytes and what is known about them.</summary>
public sealed record Picture(PictureInfo Info, ReadOnlyMemory<byte> Bytes)
{
    public PictureId Id => Info.Id;

    /// <summary>Names the bytes by their own hash, so that id and bytes cannot differ.</summary>
    public static Picture Of(ReadOnlyMemory<byte> bytes, string mediaType, int width, int height) =>
        new(new PictureInfo(PictureId.Of(bytes.Span), mediaType, width, height, bytes.Length), bytes);
}
