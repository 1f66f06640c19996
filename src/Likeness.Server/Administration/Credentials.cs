using System.Security.Cryptography;
using System.Text;
using Likeness.Stores;

namespace Likeness.Server.Administration;

/// <summary>Turns a password into what is stored of it: SCRAM keys for both hashes (RFC 5802 §3). The password itself is forgotten.</summary>
internal static class Credentials
{
    private const int Iterations = 10_000;
    private const int SaltBytes = 16;

    public static AccountRecord Of(Identity account, string password)
    {
        if (password.Length == 0)
        {
            throw new OperationRefusedException("An empty password protects nothing.");
        }

        return new AccountRecord(account, Keys(password, HashAlgorithmName.SHA1), Keys(password, HashAlgorithmName.SHA256));
    }

    private static ScramKeys Keys(string password, HashAlgorithmName hash)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        var length = hash == HashAlgorithmName.SHA1 ? SHA1.HashSizeInBytes : SHA256.HashSizeInBytes;
        var salted = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, Iterations, hash, length);
        var clientKey = CryptographicOperations.HmacData(hash, salted, "Client Key"u8.ToArray());
        var serverKey = CryptographicOperations.HmacData(hash, salted, "Server Key"u8.ToArray());
        return new ScramKeys(salt, Iterations, CryptographicOperations.HashData(hash, clientKey), serverKey);
    }
}
