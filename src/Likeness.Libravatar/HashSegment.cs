using System.Text;

namespace Likeness.Libravatar;

/// <summary>The path segment of an avatar request: a hash and perhaps an extension.</summary>
internal static class HashSegment
{
    private const int Longest = 512;

    public static (AddressHash? Hash, AvatarFormat Extension) Read(ReadOnlySpan<byte> encoded)
    {
        // Longer ones cannot become 64 digits and an extension that selects something.
        if (encoded.Length > Longest)
        {
            return (null, AvatarFormat.Unspecified);
        }

        Span<byte> decoded = stackalloc byte[encoded.Length];
        var segment = Bare(decoded[..PercentEncoding.Decode(encoded, decoded, plusIsSpace: false)]);
        var dot = segment.LastIndexOf((byte)'.');
        var name = dot < 0 ? segment : segment[..dot];
        var extension = dot < 0 ? AvatarFormat.Unspecified : ExtensionOf(segment[(dot + 1)..]);
        if (name.Length is not (32 or 64))
        {
            return (null, extension);
        }

        Span<char> text = stackalloc char[64];
        for (var index = 0; index < name.Length; index++)
        {
            text[index] = (char)name[index];
        }

        return AddressHash.TryParse(text[..name.Length], out var hash) ? (hash, extension) : (null, extension);
    }

    /// <summary>Without what programs write around it by mistake, which must not change who is shown: slashes, white space, a query that begins with another sign than its own.</summary>
    private static ReadOnlySpan<byte> Bare(ReadOnlySpan<byte> segment)
    {
        var end = segment.IndexOfAny("?&;#"u8);
        return (end < 0 ? segment : segment[..end]).Trim("/ \t\r\n"u8);
    }

    private static AvatarFormat ExtensionOf(ReadOnlySpan<byte> extension)
    {
        if (Is(extension, "jpg"u8) || Is(extension, "jpeg"u8))
        {
            return AvatarFormat.Jpeg;
        }

        if (Is(extension, "png"u8))
        {
            return AvatarFormat.Png;
        }

        if (Is(extension, "gif"u8))
        {
            return AvatarFormat.Gif;
        }

        if (Is(extension, "webp"u8))
        {
            return AvatarFormat.WebP;
        }

        return Is(extension, "avif"u8) ? AvatarFormat.Avif : AvatarFormat.Unspecified;
    }

    private static bool Is(ReadOnlySpan<byte> extension, ReadOnlySpan<byte> name) =>
        Ascii.EqualsIgnoreCase(extension, name);
}
