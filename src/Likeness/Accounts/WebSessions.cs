using System.Security.Cryptography;
using System.Text;
using Likeness.Libravatar;
using Likeness.Limits;
using Likeness.Stores;
using Likeness.Xmpp;
using Likeness.Xmpp.Sasl;

namespace Likeness.Accounts;

/// <summary>
/// Who is signed in on the pages. Each request asks the database, so that a session that was ended, or whose password was changed, ends at
/// once on every server; what a browser shows is in no memory and no table.
/// </summary>
public sealed class WebSessions(IStores stores, AccountBook accounts, AddressBook addresses, DomainPolicies policies, TimeProvider time, IChatsBeside? beside = null)
{
    /// <summary>Of one account.</summary>
    public const int MaxSessions = 20;

    /// <summary>A session ends that was not used for so long.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromDays(14);

    /// <summary>Then the password is asked for again, whatever was done.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(90);

    /// <summary>What cannot be taken back asks for the password or a passkey again after that.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);

    /// <summary>Sign-ins from a new place that are kept in the log, of one account.</summary>
    public static readonly RateLimit LoggedPerAccount = new(20, TimeSpan.FromHours(12));

    /// <summary>Who administers shows the password again after that.</summary>
    public static readonly TimeSpan AdministratorsFresh = TimeSpan.FromHours(1);

    private const int MaxBrowser = 200;
    private const int MaxAccounts = 10_000;
    private readonly KeyedRateLimiter<Identity> _logged = new(LoggedPerAccount, MaxAccounts, time);

    // A write for each request would cost more than the request.
    private static readonly TimeSpan Coarse = TimeSpan.FromMinutes(5);

    /// <summary>Whose name and password these are. Null: nobody's; that takes the same time.</summary>
    /// <param name="name">A bare address, its local part alone, or an address of the person's.</param>
    /// <param name="domain">Of a local part alone.</param>
    /// <exception cref="AccountRefusedException">Too many were wrong.</exception>
    public async ValueTask<ProvenAccount?> Prove(string name, string domain, string password, ClientKey client, CancellationToken cancellationToken = default)
    {
        var account = await AccountOf(name, domain, cancellationToken);
        var keys = await accounts.FindKeys(account, cancellationToken);
        if (keys is null or { Hashes: ScramHashes.None } && beside?.Serves(account.Domain) is true)
        {
            if (!await beside.Verify(account, password, client, cancellationToken))
            {
                return null;
            }

            if (keys is null)
            {
                await accounts.OpenElsewhere(account, beside.AddressesAreTheSame(account.Domain), cancellationToken: cancellationToken);
            }

            return await ProvenBy(account, cancellationToken);
        }

        if (!await accounts.Verify(account, password, client, cancellationToken) || keys is null)
        {
            return null;
        }

        // The password may have made keys that were missing.
        return new ProvenAccount(account, (keys.Sha256 ?? (await accounts.FindKeys(account, cancellationToken))?.Sha256)?.StoredKey ?? []);
    }

    /// <summary>Whoever has shown in another way than by the password that the account is theirs. Null: there is none.</summary>
    /// <exception cref="AccountRefusedException">It is disabled.</exception>
    public async ValueTask<ProvenAccount?> ProvenBy(Identity account, CancellationToken cancellationToken = default) =>
        await accounts.FindKeys(account, cancellationToken) is not { } keys ? null
            : keys.Disabled is not null ? throw new AccountRefusedException(AccountRefusal.Disabled, "The account is disabled.")
            : new ProvenAccount(account, keys.Sha256?.StoredKey ?? []);

    /// <summary>Whoever has shown that they read what is written to the account in chats, on a chat server beside this one: it is theirs, and opened if they are here for the first time.</summary>
    /// <inheritdoc cref="ProvenBy"/>
    public async ValueTask<ProvenAccount?> ProvenInChat(Identity account, CancellationToken cancellationToken = default)
    {
        if (beside?.Serves(account.Domain) is not true)
        {
            return null;
        }

        if (await accounts.FindKeys(account, cancellationToken) is null)
        {
            await accounts.OpenElsewhere(account, beside.AddressesAreTheSame(account.Domain), "by a message in chats", cancellationToken);
        }

        return await ProvenBy(account, cancellationToken);
    }

    /// <summary>Opens a session for who has proved who it is. Null: there is no such account, or it has another password meanwhile.</summary>
    /// <param name="browser">What it calls itself; null: nothing.</param>
    /// <param name="network">Where from, in words that name no single client.</param>
    public async ValueTask<(WebSession Session, string Token)?> Open(ProvenAccount proven, SignInMeans means, string? browser, string network, CancellationToken cancellationToken = default)
    {
        var account = proven.Account;
        var token = WebSessionToken.Create();
        var hash = WebSessionToken.HashOf(token);
        var now = time.GetUtcNow();
        var session = new WebSession(WebSessionToken.IdOf(hash), account, Shortened(browser), network, now, now, means);
        var isKnown = (await stores.WebSessions.List(account, cancellationToken)).Any(known => known.Browser == session.Browser && known.Network == network);
        var said = !isKnown && _logged.Take(account) == TimeSpan.Zero
            ? new AuditEntry(now, account.Value, "sign in", account.Value, Detail: $"from {network}, {session.Browser}")
            : null;

        // Another password meanwhile: then this one was shown too late.
        return await stores.WebSessions.Add(session, hash, proven.Key, MaxSessions, said, cancellationToken) ? (session, token) : null;
    }

    /// <summary>Whose session it is; null: nobody's, or not any more.</summary>
    public async ValueTask<WebSession?> Find(string token, CancellationToken cancellationToken = default)
    {
        if (!WebSessionToken.IsOne(token) || await stores.WebSessions.Find(WebSessionToken.HashOf(token), cancellationToken) is not { } session)
        {
            return null;
        }

        var now = time.GetUtcNow();
        if (now - session.Used >= Idle || now - session.Created >= Lifetime)
        {
            return null;
        }

        if (now - session.Used >= Coarse)
        {
            await stores.WebSessions.Used(session.Id, now, cancellationToken);
        }

        return session;
    }

    public ValueTask<IReadOnlyList<WebSession>> List(Identity account, CancellationToken cancellationToken = default) => stores.WebSessions.List(account, cancellationToken);

    /// <summary>False: the account has no such session.</summary>
    public ValueTask<bool> End(Identity account, string id, CancellationToken cancellationToken = default) => stores.WebSessions.Remove(account, id, cancellationToken);

    /// <param name="except">The id of one that stays.</param>
    public ValueTask<int> EndOthers(Identity account, string except, CancellationToken cancellationToken = default) => stores.WebSessions.RemoveAll(account, except, cancellationToken);

    /// <summary>Forgets what is over.</summary>
    public ValueTask Prune(CancellationToken cancellationToken = default)
    {
        var now = time.GetUtcNow();
        return stores.WebSessions.Prune(now - Idle, now - Lifetime, cancellationToken);
    }

    /// <summary>Whom a name means that was typed on a page, as for <see cref="Prove"/>. One that is no address at all is somebody whom nobody knows.</summary>
    public async ValueTask<Identity> AccountOf(string name, string domain, CancellationToken cancellationToken = default)
    {
        var text = name.Trim();
        if (!Jid.TryParse(text.Contains('@', StringComparison.Ordinal) ? text : $"{text}@{domain}", out var jid) || jid.Local is null)
        {
            return new Identity($"nobody@{domain}");
        }

        return await addresses.Find(Address.Email(jid.BareText), cancellationToken) is { } owner && policies.Serves(owner.Domain) ? owner : new Identity(jid.BareText);
    }

    private static string Shortened(string? browser)
    {
        var text = new string([.. (browser ?? "").Where(character => !char.IsControl(character)).Take(MaxBrowser)]);
        return text.Length > 0 ? text : "?";
    }
}

/// <summary>Whose password was shown.</summary>
/// <param name="Key">Made of it: with another one meanwhile it was shown too late.</param>
public sealed record ProvenAccount(Identity Account, byte[] Key);

/// <summary>What a browser shows: 128 random bits.</summary>
public static class WebSessionToken
{
    private const int Bytes = 16;
    private const int Length = 32;

    public static string Create() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes));

    public static bool IsOne(string text) => text.Length == Length && text.All(char.IsAsciiHexDigitLower);

    public static byte[] HashOf(string token) => SHA256.HashData(Encoding.ASCII.GetBytes(token));

    /// <summary>By which the session is spoken of.</summary>
    public static string IdOf(byte[] hash) => Convert.ToHexStringLower(hash.AsSpan(0, 8));
}
