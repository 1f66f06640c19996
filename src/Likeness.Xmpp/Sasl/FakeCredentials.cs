using System.Security.Cryptography;
using System.Text;

namespace Likeness.Xmpp.Sasl;

/// <summary>What unknown users are shown: the same salt each time, and keys that no password has (RFC 6120 §13.11).</summary>
internal static class FakeCredentials
{
    public static ScramCredentials For(string user, ScramHash hash, SaslServerContext context)
    {
        // With the domain: the same salt for one name at two of them would be the sign of no account at either.
        var salt = HMACSHA256.HashData(context.Secret, Encoding.UTF8.GetBytes($"{hash.Mechanism(plus: false)}\0{context.Domain}\0{user}"))[..ScramKeyDerivation.SaltBytes];
        return new ScramCredentials(salt, context.Iterations, RandomNumberGenerator.GetBytes(hash.Size()), RandomNumberGenerator.GetBytes(hash.Size()));
    }
}

/// <summary>What a SCRAM server keeps of a password (RFC 5802 §3): salt, iteration count and the two keys.</summary>
public sealed record ScramCredentials(byte[] Salt, int Iterations, byte[] StoredKey, byte[] ServerKey);

/// <summary>Finds the credentials of a user by the normalised localpart; null: no such user, or none that may log in.</summary>
public delegate ValueTask<ScramCredentials?> ScramCredentialSource(string user, ScramHash hash, CancellationToken cancellationToken);
