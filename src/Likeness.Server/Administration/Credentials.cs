using Likeness.Stores;
using Likeness.Xmpp.Sasl;

namespace Likeness.Server.Administration;

/// <summary>Turns a password into what is stored of it: SCRAM keys for both hashes. The password itself is forgotten.</summary>
internal static class Credentials
{
    public static AccountRecord Of(Identity account, string password)
    {
        if (password.Length == 0 || SaslPrep.Prepare(password) is null)
        {
            throw new OperationRefusedException("This cannot be a password: it is empty or has characters that passwords may not have (RFC 4013).");
        }

        return new AccountRecord(account, Keys(password, ScramHash.Sha1), Keys(password, ScramHash.Sha256));
    }

    private static ScramKeys Keys(string password, ScramHash hash)
    {
        var derived = ScramKeyDerivation.Derive(password, hash);
        return new ScramKeys(derived.Salt, derived.Iterations, derived.StoredKey, derived.ServerKey);
    }
}
