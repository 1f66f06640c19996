using System.Security.Cryptography;
using System.Text;

namespace Likeness.Xmpp.Sasl;

/// <summary>From a password to SCRAM keys (RFC 5802 §3).</summary>
public static class ScramKeyDerivation
{
    /// <summary>RFC 7677 §4 asks for 4096 at least; machines of today allow more.</summary>
    public const int DefaultIterations = 10_000;

    public const int SaltBytes = 16;

    /// <summary>New credentials with a salt of their own.</summary>
    /// <exception cref="FormatException">The password is empty or holds characters no password may hold (RFC 4013 §2.3).</exception>
    public static ScramCredentials Derive(string password, ScramHash hash, int iterations = DefaultIterations) =>
        Derive(password, hash, RandomNumberGenerator.GetBytes(SaltBytes), iterations);

    /// <inheritdoc cref="Derive(string, ScramHash, int)"/>
    public static ScramCredentials Derive(string password, ScramHash hash, byte[] salt, int iterations)
    {
        var salted = SaltedPassword(password, hash, salt, iterations);
        var storedKey = hash.Of(hash.Keyed(salted, "Client Key"u8));
        return new ScramCredentials(salt, iterations, storedKey, hash.Keyed(salted, "Server Key"u8));
    }

    /// <summary>Whether the credentials were derived from this password; compared in constant time.</summary>
    public static bool Matches(ScramCredentials credentials, string password, ScramHash hash)
    {
        if (SaslPrep.Prepare(password) is null)
        {
            return false;
        }

        var derived = Derive(password, hash, credentials.Salt, credentials.Iterations);
        return CryptographicOperations.FixedTimeEquals(derived.StoredKey, credentials.StoredKey);
    }

    internal static byte[] SaltedPassword(string password, ScramHash hash, byte[] salt, int iterations)
    {
        var prepared = SaslPrep.Prepare(password) ?? throw new FormatException("The password is empty or holds characters that are not allowed in passwords.");
        return Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(prepared), salt, iterations, hash.Name(), hash.Size());
    }
}
