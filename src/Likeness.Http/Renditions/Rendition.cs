using System.Security.Cryptography;
using Likeness.Imaging;
using Likeness.Limits;

namespace Likeness.Http.Renditions;

/// <summary>A finished picture of one size and format.</summary>
/// <param name="EntityTag">Strong, quoted: the first half of the SHA-256 of the bytes.</param>
internal sealed record Rendition(ReadOnlyMemory<byte> Bytes, ImageFormat Format, string EntityTag)
{
    public static Rendition Of(ReadOnlyMemory<byte> bytes, ImageFormat format) =>
        new(bytes, format, $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes.Span).AsSpan(0, 16))}\"");

    public string MediaType => Format.MediaType();
}

/// <summary>What a rendition is made of; never the raw query, which strangers can vary without end.</summary>
/// <param name="Picture">The picture it shows; null for a face.</param>
/// <param name="Face">The face's name; null for a picture.</param>
/// <param name="Hash">The lower-case hash a face is drawn from; empty for faces that look the same for everybody.</param>
/// <param name="Size">Pixels, both ways.</param>
internal readonly record struct RenditionKey(PictureId? Picture, string? Face, string Hash, int Size, ImageFormat Format)
{
    /// <summary>What a face with letters shows; null for others, and for one without.</summary>
    public string? Letters { get; init; }

    /// <summary>The address whose colour a coloured face has; null: the hash's.</summary>
    public string? Address { get; init; }

    public static RenditionKey Of(PictureId picture, int size, ImageFormat format) => new(picture, null, "", size, format);

    public static RenditionKey Of(string face, string hash, int size, ImageFormat format) => new(null, face, hash, size, format);
}

/// <summary>How a picture is wanted, and by whom.</summary>
/// <param name="Size">Pixels, both ways.</param>
/// <param name="Format">Null: as it is stored; PNG for faces.</param>
/// <param name="Client">Whose renders are counted; null: nobody's.</param>
internal readonly record struct RenditionWish(int Size, ImageFormat? Format, ClientKey? Client);
