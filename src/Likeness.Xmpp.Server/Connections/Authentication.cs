using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Likeness.Accounts;
using Likeness.Limits;
using Likeness.Xmpp.Sasl;

namespace Likeness.Xmpp.Server.Connections;

/// <summary>What the server knows for checking logins: the accounts' keys, its secret, the attempts so far.</summary>
internal sealed class Authentication(XmppServerOptions options, AccountBook accounts, LoginTokens tokens, LoginLimits limits, TimeProvider time)
{
    internal LoginTokens Tokens => tokens;

    /// <summary>The mechanism of this name on a stream of this context; null: it is not offered.</summary>
    internal ISaslMechanism? Mechanism(SaslServerContext context, string name) => context.Create(name, secure: options.OffersPlain);

    internal DateTimeOffset Now => time.GetUtcNow();

    /// <summary>By what a client of an account is known again; nobody can tell what the client said.</summary>
    internal string ClientOf(string account, Guid agent)
    {
        const int bytes = 12;
        var digest = HMACSHA256.HashData(options.Secret, Encoding.UTF8.GetBytes($"client\0{account}\0{agent:D}"));
        return Convert.ToBase64String(digest, 0, bytes).Replace('+', '-').Replace('/', '_');
    }

    /// <summary>A client has logged in: what becomes of its tokens.</summary>
    internal async ValueTask<LoginToken?> Settle(LoginClient client, LoginToken? used, string? wanted, bool isLeaving) =>
        await accounts.FindKeys(client.Account) is { } keys ? await tokens.Settle(client, keys.Sha256?.StoredKey ?? [], used, wanted, isLeaving) : null;

    /// <summary>The hashes that everybody of the domain has keys of.</summary>
    internal ValueTask<ScramHashes> Hashes(string domain) => accounts.Hashes(domain);

    /// <summary>An operator lets nobody log in to the account.</summary>
    internal async ValueTask<bool> IsDisabled(string user, string domain) => await accounts.FindKeys(new Identity($"{user}@{domain}")) is { Disabled: not null };

    /// <summary>How the mechanisms see this stream.</summary>
    /// <param name="certificate">The certificate shown to the client; null without TLS: no channel binding then.</param>
    /// <param name="exporter">As <see cref="SaslServerContext.Exporter"/>.</param>
    /// <param name="admit">As <see cref="SaslServerContext.Admit"/>.</param>
    /// <param name="hashes">As <see cref="Hashes"/> says.</param>
    public SaslServerContext ContextFor(string domain, X509Certificate2? certificate, byte[]? exporter, ScramHashes hashes, Func<string, bool> admit) => new()
    {
        Domain = domain,
        Hashes = hashes,
        Proven = (user, password) => accounts.Proven(new Identity($"{user}@{domain}"), password),
        Secret = options.Secret,
        EndPoint = certificate is null ? null : ServerEndPoint.Of(certificate),
        Exporter = exporter,
        Admit = admit,
        Find = async (user, hash, cancellationToken) =>
        {
            var account = await accounts.FindKeys(new Identity($"{user}@{domain}"), cancellationToken);
            var keys = hash == ScramHash.Sha1 ? account?.Sha1 : account?.Sha256;
            return keys is null ? null : new ScramCredentials(keys.Salt, keys.Iterations, keys.StoredKey, keys.ServerKey);
        },
    };

    /// <summary>Counts an attempt before the password is looked at. A developer's own machine has as many as it likes.</summary>
    public LoginAttempt Begin(string user, string domain, IPAddress client) =>
        options.IsDevelopment(client) ? default : limits.Begin(new Identity($"{user}@{domain}"), ClientKey.Of(client));

    /// <summary>The answer to a wrong password comes late.</summary>
    public Task HoldBack() => Task.Delay(options.FailureDelay, time);
}
