using System.Security.Cryptography;

namespace Likeness.AspNetCore.Links;

/// <summary>Encrypts and authenticates so that the same text always gives the same bytes: AES-256-GCM with a nonce that is an HMAC of the text.</summary>
internal sealed class SealKey(byte[] secret)
{
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int KeyLength = 32;

    private readonly byte[] _encryption = Derive(secret, "encryption"u8);
    private readonly byte[] _nonce = Derive(secret, "nonce"u8);
    private readonly byte[] _shade = Derive(secret, "shade"u8);

    public byte[] Close(ReadOnlySpan<byte> text)
    {
        var whole = new byte[NonceLength + text.Length + TagLength];
        var nonce = whole.AsSpan(0, NonceLength);
        HMACSHA256.HashData(_nonce, text).AsSpan(0, NonceLength).CopyTo(nonce);
        using var cipher = new AesGcm(_encryption, TagLength);
        cipher.Encrypt(nonce, text, whole.AsSpan(NonceLength, text.Length), whole.AsSpan(NonceLength + text.Length));
        return whole;
    }

    /// <summary>Null when another key or nobody's closed it.</summary>
    public byte[]? Open(ReadOnlySpan<byte> whole)
    {
        if (whole.Length <= NonceLength + TagLength)
        {
            return null;
        }

        var text = new byte[whole.Length - NonceLength - TagLength];
        using var cipher = new AesGcm(_encryption, TagLength);
        try
        {
            cipher.Decrypt(whole[..NonceLength], whole[NonceLength..^TagLength], whole[^TagLength..], text);
            return text;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    /// <summary>A number that stays with the text and says nothing of it.</summary>
    public byte Shade(ReadOnlySpan<byte> text) => HMACSHA256.HashData(_shade, text)[0];

    private static byte[] Derive(byte[] secret, ReadOnlySpan<byte> purpose)
    {
        var key = new byte[KeyLength];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, key, salt: "likeness avatar url 1"u8, info: purpose);
        return key;
    }
}
