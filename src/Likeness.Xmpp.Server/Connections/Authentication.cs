using System.Net;
using System.Security.Cryptography.X509Certificates;
using Likeness.Stores;
using Likeness.Xmpp.Sasl;

namespace Likeness.Xmpp.Server.Connections;

/// <summary>What the server knows for checking logins: the accounts' keys, its secret, the failures so far.</summary>
public sealed class Authentication(XmppServerOptions options, IStores stores, LoginAttempts attempts, TimeProvider time)
{
    /// <summary>False: too many logins failed from there lately.</summary>
    public bool MayTry(IPAddress client) => options.IsDevelopment(client) || attempts.MayTry(client.ToString());

    /// <summary>How the mechanisms see this stream.</summary>
    /// <param name="certificate">The certificate shown to the client; null without TLS: no channel binding then.</param>
    public SaslServerContext ContextFor(string domain, X509Certificate2? certificate) => new()
    {
        Domain = domain,
        Secret = options.Secret,
        EndPoint = certificate is null ? null : ServerEndPoint.Of(certificate),
        Find = async (user, hash, cancellationToken) =>
        {
            var account = await stores.Accounts.Find(new Identity($"{user}@{domain}"), cancellationToken);
            var keys = hash == ScramHash.Sha1 ? account?.Sha1 : account?.Sha256;
            return keys is null ? null : new ScramCredentials(keys.Salt, keys.Iterations, keys.StoredKey, keys.ServerKey);
        },
    };

    /// <summary>Counts a wrong password; its answer comes late (C-49).</summary>
    public Task PasswordWasWrong(IPAddress client)
    {
        attempts.Failed(client.ToString());
        return Task.Delay(options.FailureDelay, time);
    }
}
