using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Likeness.Bench.Xmpp.Sessions;

/// <summary>Client keys by salt and count, so that the driver derives a password once and not at every login (RFC 5802 §5.1 allows it).</summary>
sealed class ScramKeyCache
{
    readonly ConcurrentDictionary<string, byte[]> salted = new(StringComparer.Ordinal);

    public byte[] SaltedPassword(string password, string saltBase64, int iterations) =>
        salted.GetOrAdd($"{saltBase64} {iterations} {password}", _ => Derive(password, Convert.FromBase64String(saltBase64), iterations));

    public static byte[] Derive(string password, byte[] salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, iterations, HashAlgorithmName.SHA1, 20);

    public static byte[] Key(byte[] saltedPassword, string label) => HMACSHA1.HashData(saltedPassword, Encoding.UTF8.GetBytes(label));
}
