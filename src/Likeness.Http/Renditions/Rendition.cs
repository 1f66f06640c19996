using System.Security.Cryptography;
using Likeness.Imaging;

namespace Likeness.Http.Renditions;

/// <summary>A finished picture of one size and format.</summary>
/// <param name="EntityTag">Strong, quoted: the first half of the SHA-256 of the bytes (L-52).</param>
public sealed record Rendition(ReadOnlyMemory<byte> Bytes, ImageFormat Format, string EntityTag)
{
    public static Rendition Of(ReadOnlyMemory<byte> bytes, ImageFormat format) =>
        new(bytes, format, $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes.Span).AsSpan(0, 16))}\"");

    public string MediaType => Format.MediaType();
}
