using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Likeness.Http.Api;

/// <summary>The text of an API token: <c>lk_</c> and 256 random bits in base64url. It is shown once and kept nowhere.</summary>
public static class TokenText
{
    private const string Prefix = "lk_";
    private const int RandomBytes = 32;
    private static readonly int Length = Prefix.Length + Base64Url.GetEncodedLength(RandomBytes);

    public static string Create() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));

    /// <summary>What is stored of it: 32 bytes. Tokens are looked up by this, so that no comparison depends on the secret.</summary>
    public static byte[] HashOf(string text) => SHA256.HashData(Encoding.ASCII.GetBytes(text));

    /// <summary>Looks like a token; says nothing of whether it is one.</summary>
    public static bool IsOne(string text) =>
        text.Length == Length && text.StartsWith(Prefix, StringComparison.Ordinal) && Base64Url.IsValid(text.AsSpan(Prefix.Length));
}
