using Likeness.Imaging;

namespace Likeness.Http.Renditions;

/// <summary>What a rendition is made of; never the raw query, which strangers can vary without end (L-5B).</summary>
/// <param name="Picture">The picture it shows; null for a face.</param>
/// <param name="Face">The face's name; null for a picture.</param>
/// <param name="Hash">The lower-case hash a face is drawn from; empty for faces that look the same for everybody.</param>
/// <param name="Size">Pixels, both ways.</param>
public readonly record struct RenditionKey(PictureId? Picture, string? Face, string Hash, int Size, ImageFormat Format)
{
    /// <summary>What a face with letters shows; null for others, and for one without.</summary>
    public string? Letters { get; init; }

    /// <summary>The address whose colour a coloured face has; null: the hash's.</summary>
    public string? Address { get; init; }

    public static RenditionKey Of(PictureId picture, int size, ImageFormat format) => new(picture, null, "", size, format);

    public static RenditionKey Of(string face, string hash, int size, ImageFormat format) => new(null, face, hash, size, format);
}
