using System.Security.Cryptography;

namespace Likeness.Xmpp.Sasl;

/// <summary>The hash function of a SCRAM mechanism.</summary>
public enum ScramHash
{
    /// <summary>RFC 5802.</summary>
    Sha1,

    /// <summary>RFC 7677.</summary>
    Sha256,
}

/// <summary>Several hash functions.</summary>
[Flags]
public enum ScramHashes
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary><see cref="ScramHash.Sha1"/>.</summary>
    Sha1 = 1,

    /// <summary><see cref="ScramHash.Sha256"/>.</summary>
    Sha256 = 2,

    /// <summary>Both.</summary>
    All = Sha1 | Sha256,
}

/// <summary>What the hash function computes.</summary>
internal static class ScramHashing
{
    public static string Mechanism(this ScramHash hash, bool plus) => (hash, plus) switch
    {
        (ScramHash.Sha1, false) => "SCRAM-SHA-1",
        (ScramHash.Sha1, true) => "SCRAM-SHA-1-PLUS",
        (_, false) => "SCRAM-SHA-256",
        _ => "SCRAM-SHA-256-PLUS",
    };

    public static HashAlgorithmName Name(this ScramHash hash) => hash == ScramHash.Sha1 ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256;

    public static int Size(this ScramHash hash) => hash == ScramHash.Sha1 ? SHA1.HashSizeInBytes : SHA256.HashSizeInBytes;

    public static byte[] Of(this ScramHash hash, ReadOnlySpan<byte> data) => hash == ScramHash.Sha1 ? SHA1.HashData(data) : SHA256.HashData(data);

    public static byte[] Keyed(this ScramHash hash, ReadOnlySpan<byte> key, ReadOnlySpan<byte> data) =>
        hash == ScramHash.Sha1 ? HMACSHA1.HashData(key, data) : HMACSHA256.HashData(key, data);
}
