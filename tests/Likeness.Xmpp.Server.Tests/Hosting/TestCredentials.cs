using System.Security.Cryptography;
using System.Text;
using Likeness.Stores;
using Likeness.Xmpp.Sasl;

namespace Likeness.Xmpp.Server.Tests.Hosting;

/// <summary>Every user of the tests has the same password; its keys are derived once.</summary>
internal static class TestCredentials
{
    public const string Password = "secret";
    private const int Iterations = 4096;
    private static readonly byte[] Salt = Encoding.UTF8.GetBytes("salt of the tests");
    private static readonly ScramCredentials Sha1 = Derive(HashAlgorithmName.SHA1, 20);
    private static readonly ScramCredentials Sha256 = Derive(HashAlgorithmName.SHA256, 32);

    public static AccountRecord Of(string bareJid) => new(new Identity(bareJid), Sha1, Sha256);

    /// <summary>For tests that log in thousands of times and are not about passwords.</summary>
    public static AccountRecord Quick(string bareJid) =>
        new(new Identity(bareJid), Derive(HashAlgorithmName.SHA1, 20, 1), Derive(HashAlgorithmName.SHA256, 32, 1));

    // RFC 5802 §3, written out here so that the server's own derivation is tested against it.
    private static ScramCredentials Derive(HashAlgorithmName hash, int size, int iterations = Iterations)
    {
        var salted = Rfc2898DeriveBytes.Pbkdf2(Password, Salt, iterations, hash, size);
        var clientKey = CryptographicOperations.HmacData(hash, salted, "Client Key"u8.ToArray());
        var serverKey = CryptographicOperations.HmacData(hash, salted, "Server Key"u8.ToArray());
        return new ScramCredentials(Salt, iterations, CryptographicOperations.HashData(hash, clientKey), serverKey);
    }
}
