using System.Security.Cryptography;

namespace Likeness;

/// <summary>The SHA-1 of a picture's bytes in lower-case hex: the avatar id of XMPP (XEP-0084 §3.1, XEP-0153 §3.1).</summary>
/// <param name="Hex">40 lower-case hex digits.</param>
public readonly record struct PictureId(string Hex)
{
    /// <summary>The id of these bytes.</summary>
    public static PictureId Of(ReadOnlySpan<byte> bytes)
    {
        Span<byte> digest = stackalloc byte[SHA1.HashSizeInBytes];
        SHA1.HashData(bytes, digest);
        return new PictureId(Convert.ToHexStringLower(digest));
    }

    /// <summary>Accepts 40 hex digits of either case; everything else is no id.</summary>
    public static bool TryParse(string? text, out PictureId id)
    {
        var valid = text is { Length: 40 } && text.All(char.IsAsciiHexDigit);
        id = valid ? new PictureId(text!.ToLowerInvariant()) : default;
        return valid;
    }

    public override string ToString() => Hex;
}
