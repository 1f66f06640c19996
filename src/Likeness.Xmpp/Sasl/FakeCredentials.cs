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
