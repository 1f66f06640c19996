namespace Likeness.Libravatar.Fetching;

/// <summary>Tells a picture's format by its first bytes.</summary>
internal static class ImageSignature
{
    private static ReadOnlySpan<byte> Jpeg => [0xFF, 0xD8, 0xFF];

    private static ReadOnlySpan<byte> Png => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    public static AvatarFormat Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith(Jpeg))
        {
            return AvatarFormat.Jpeg;
        }

        if (bytes.StartsWith(Png))
        {
            return AvatarFormat.Png;
        }

        if (bytes.StartsWith("GIF87a"u8) || bytes.StartsWith("GIF89a"u8))
        {
            return AvatarFormat.Gif;
        }

        var isWebP = bytes.Length >= 12 && bytes.StartsWith("RIFF"u8) && bytes[8..].StartsWith("WEBP"u8);
        if (isWebP)
        {
            return AvatarFormat.WebP;
        }

        var isAvif = bytes.Length >= 12 && bytes[4..].StartsWith("ftyp"u8) && (bytes[8..].StartsWith("avif"u8) || bytes[8..].StartsWith("avis"u8));
        return isAvif ? AvatarFormat.Avif : AvatarFormat.Unspecified;
    }
}
