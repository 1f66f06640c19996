using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Likeness.Libravatar;

/// <summary>The text by which an avatar is asked for: an MD5 (32) or SHA-256 (64) in lower-case hex (L-2, L-3, L-4).</summary>
public readonly record struct AddressHash
{
    private AddressHash(string text) => Text = text;

    /// <summary>Lower-case hex, 32 or 64 characters.</summary>
    public string Text { get; }

    /// <summary>The kind is told by length alone (L-3).</summary>
    public bool IsSha256 => Text.Length == 64;

    /// <summary>Accepts upper, lower and mixed case (L-4); anything but exactly 32 or 64 hex digits is refused (L-22).</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out AddressHash hash)
    {
        hash = default;
        if (text.Length is not (32 or 64))
        {
            return false;
        }

        foreach (var character in text)
        {
            if (!char.IsAsciiHexDigit(character))
            {
                return false;
            }
        }

        Span<char> folded = stackalloc char[64];
        var length = text.ToLowerInvariant(folded);
        hash = new AddressHash(new string(folded[..length]));
        return true;
    }

    /// <summary>MD5 of the UTF-8 text of a normalised address.</summary>
    public static AddressHash Md5(string normalised) =>
        new(Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(normalised))));

    /// <summary>SHA-256 of the UTF-8 text of a normalised address.</summary>
    public static AddressHash Sha256(string normalised) =>
        new(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(normalised))));

    public override string ToString() => Text;
}
