using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Likeness.Libravatar;

/// <summary>The text by which an avatar is asked for: an MD5 (32) or SHA-256 (64) in lower-case hex.</summary>
public readonly record struct AddressHash
{
    private AddressHash(string text) => Text = text;

    /// <summary>Lower-case hex, 32 or 64 characters.</summary>
    public string Text { get; }

    /// <summary>The kind is told by length alone.</summary>
    public bool IsSha256 => Text.Length == 64;

    /// <summary>Accepts upper, lower and mixed case; anything but exactly 32 or 64 hex digits is refused.</summary>
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
    public static AddressHash Md5(string normalised) => Of(normalised, MD5.HashSizeInBytes, MD5.HashData);

    /// <summary>SHA-256 of the UTF-8 text of a normalised address.</summary>
    public static AddressHash Sha256(string normalised) => Of(normalised, SHA256.HashSizeInBytes, SHA256.HashData);

    public override string ToString() => Text;

    private static AddressHash Of(string normalised, int size, HashFunction function)
    {
        const int Usual = 256;
        var length = Encoding.UTF8.GetByteCount(normalised);
        Span<byte> text = length <= Usual ? stackalloc byte[Usual] : new byte[length];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        function(text[..Encoding.UTF8.GetBytes(normalised, text)], hash[..size]);
        return new AddressHash(Convert.ToHexStringLower(hash[..size]));
    }

    private delegate int HashFunction(ReadOnlySpan<byte> text, Span<byte> hash);
}
