using System.Security.Cryptography;
using System.Text;

namespace Likeness.Accounts;

/// <summary>Seals what the database keeps and has to be read again (AES-256-GCM), under a key of the installation's secret: whoever reads only one of the two reads nothing.</summary>
/// <param name="secret">Of the installation.</param>
/// <param name="purpose">What is sealed; each has a key of its own.</param>
internal sealed class SecretBox(byte[] secret, string purpose)
{
    private static readonly int Nonce = AesGcm.NonceByteSizes.MaxSize;
    private static readonly int Tag = AesGcm.TagByteSizes.MaxSize;
    private readonly byte[] _key = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 32, info: Encoding.ASCII.GetBytes(purpose));

    /// <param name="bound">Where it is kept: moved elsewhere it opens nothing.</param>
    public byte[] Seal(ReadOnlySpan<byte> plain, string bound)
    {
        var bytes = new byte[Nonce + Tag + plain.Length];
        RandomNumberGenerator.Fill(bytes.AsSpan(0, Nonce));
        using var cipher = new AesGcm(_key, Tag);
        cipher.Encrypt(bytes.AsSpan(0, Nonce), plain, bytes.AsSpan(Nonce + Tag), bytes.AsSpan(Nonce, Tag), Encoding.UTF8.GetBytes(bound));
        return bytes;
    }

    /// <summary>Null: it was sealed under another secret, or for another place.</summary>
    public byte[]? Open(ReadOnlySpan<byte> bytes, string bound)
    {
        if (bytes.Length <= Nonce + Tag)
        {
            return null;
        }

        var plain = new byte[bytes.Length - Nonce - Tag];
        using var cipher = new AesGcm(_key, Tag);
        try
        {
            cipher.Decrypt(bytes[..Nonce], bytes[(Nonce + Tag)..], bytes.Slice(Nonce, Tag), plain, Encoding.UTF8.GetBytes(bound));
            return plain;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
