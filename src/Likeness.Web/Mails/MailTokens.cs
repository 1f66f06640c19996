using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Likeness.Web.Mails;

/// <summary>
/// What links and codes say. Both are derived from the mail's id and the installation's secret at the moment the mail goes out, the same at each
/// try; the database holds hashes alone, so that any server on it knows them and whoever has nothing but the database knows none.
/// </summary>
internal sealed class MailTokens(byte[] secret)
{
    /// <summary>Digits of a code.</summary>
    public const int CodeDigits = 6;

    private const int IdLength = 16;
    private const int ProofBytes = 16;
    private const int Length = IdLength + (2 * ProofBytes);
    private readonly byte[] _key = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 32, info: "likeness mail links"u8.ToArray());

    public static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdLength / 2));

    /// <summary>The id in what a link says; null: no link says that.</summary>
    public static string? IdIn(string token) => token.Length == Length && token.All(char.IsAsciiHexDigitLower) ? token[..IdLength] : null;

    public static byte[] HashOf(string token) => SHA256.HashData(Encoding.ASCII.GetBytes(token));

    public string TokenOf(string id) => id + Convert.ToHexStringLower(Derived($"link {id}").AsSpan(0, ProofBytes));

    public string CodeOf(string id) =>
        (BinaryPrimitives.ReadUInt32LittleEndian(Derived($"code {id}")) % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);

    private byte[] Derived(string text) => HMACSHA256.HashData(_key, Encoding.ASCII.GetBytes(text));
}
