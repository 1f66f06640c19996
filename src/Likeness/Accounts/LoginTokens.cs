using System.Security.Cryptography;
using System.Text;
using Likeness.Stores;

namespace Likeness.Accounts;

/// <summary>
/// Tokens by which an account's clients log in without the password (XEP-0484): each is good for one client and one mechanism, and replaced now and
/// then. The mechanisms need the token itself, so it is stored encrypted, and whoever has the database alone has none.
/// </summary>
public sealed class LoginTokens : IAccountListener
{
    /// <summary>Clients of one account that may log in so.</summary>
    public const int MaxClients = 16;

    /// <summary>Bytes of tokens, and of clients that have none, kept in memory, estimated.</summary>
    public const long MaxBytes = 2L * 1024 * 1024;

    /// <summary>How long a token is good for.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(21);

    /// <summary>Who logs in with a token as old as this gets another one.</summary>
    public static readonly TimeSpan RotatedAfter = TimeSpan.FromHours(24);

    private const int TokenBytes = 32;
    private readonly ILoginTokenStore _stored;
    private readonly bool _isShared;
    private readonly SecretBox _box;
    private readonly TimeProvider _time;
    private readonly GenerationCache<(Identity Account, string Client), Opened> _known = new(MaxBytes, static known => known.Bytes);
    private readonly Lock _gate = new();
    private long _changes;

    /// <param name="secret">Of the installation.</param>
    public LoginTokens(IStores stores, byte[] secret, TimeProvider time)
    {
        (_stored, _isShared, _time) = (stores.LoginTokens, stores.Changes.IsShared, time);
        _box = new SecretBox(secret, "likeness login tokens");
    }

    /// <summary>What the client may log in with, the newest first; at most two.</summary>
    public async ValueTask<IReadOnlyList<LoginToken>> Find(Identity account, string client, CancellationToken cancellationToken = default)
    {
        if (!_isShared && _known.TryGet((account, client), out var known))
        {
            return known.Tokens;
        }

        var seen = Volatile.Read(ref _changes);
        var opened = Open(await _stored.Find(account, client, cancellationToken));
        lock (_gate)
        {
            // What was read before a change is not kept behind it.
            if (!_isShared && _changes == seen)
            {
                _known.Set((account, client), opened);
            }
        }

        return opened.Tokens;
    }

    /// <summary>A client has logged in: what becomes of its tokens (XEP-0484 §3.5, §5.1).</summary>
    /// <param name="key">The stored key (SHA-256) of the account as it was when the client proved who it is.</param>
    /// <param name="used">What it logged in with; null: by its password.</param>
    /// <param name="wanted">The mechanism for which it asks for a token; null: it asks for none.</param>
    /// <param name="isLeaving">It wants the one that it used to be good no more.</param>
    /// <returns>What it is given; null: nothing.</returns>
    public async ValueTask<LoginToken?> Settle(LoginClient client, byte[] key, LoginToken? used, string? wanted, bool isLeaving, CancellationToken cancellationToken = default)
    {
        var now = _time.GetUtcNow();
        var mechanism = wanted ?? (used is not null && !isLeaving && now - used.Issued >= RotatedAfter ? used.Mechanism : null);
        if (mechanism is null && !isLeaving && used is not { IsNext: true })
        {
            return null;
        }

        try
        {
            if (isLeaving && mechanism is null)
            {
                await _stored.Remove(client.Account, client.Name, cancellationToken);
                return null;
            }

            var before = await _stored.Find(client.Account, client.Name, cancellationToken);
            var current = isLeaving ? null : used is null ? before?.Current : Seal(client, used);
            var next = used is null or { IsNext: true } ? null : before?.Next;
            var issued = mechanism is null ? null : new LoginToken(Convert.ToBase64String(RandomNumberGenerator.GetBytes(TokenBytes)), mechanism, now, now + Lifetime, IsNext: true);
            var tokens = new ClientTokens(client.Account, client.Name, client.Software, client.Device, current, issued is null ? next : Seal(client, issued));
            return await _stored.Save(tokens, key, isUsed: used is not null, MaxClients, cancellationToken) ? issued : null;
        }
        finally
        {
            Forget();
        }
    }

    /// <summary>The clients of an account that may log in without its password, the latest first.</summary>
    public ValueTask<IReadOnlyList<ClientTokens>> List(Identity account, CancellationToken cancellationToken = default) => _stored.List(account, cancellationToken);

    /// <summary>From now on all clients of the account need its password. How many there were.</summary>
    public async ValueTask<int> Revoke(Identity account, CancellationToken cancellationToken = default)
    {
        try
        {
            return await _stored.RemoveAll(account, cancellationToken);
        }
        finally
        {
            Forget();
        }
    }

    ValueTask IAccountListener.OnClosing(Identity account) => default;

    ValueTask IAccountListener.OnClosed(Identity account)
    {
        Forget();
        return default;
    }

    void IAccountListener.OnPasswordChanged(Identity account) => Forget();

    ValueTask IAccountListener.OnDisabled(Identity account)
    {
        Forget();
        return default;
    }

    // All of it: changes are rare, and a client's next login reads one row.
    private void Forget()
    {
        lock (_gate)
        {
            _changes++;
            _known.Clear();
        }
    }

    private Opened Open(ClientTokens? tokens)
    {
        LoginToken?[] opened = [Open(tokens, tokens?.Next, isNext: true), Open(tokens, tokens?.Current, isNext: false)];
        return new Opened([.. opened.OfType<LoginToken>()]);
    }

    // Whatever was encrypted under another secret is none.
    private LoginToken? Open(ClientTokens? tokens, SealedToken? token, bool isNext) =>
        tokens is not null && token is not null && _box.Open(token.Bytes, Bound(tokens.Account, tokens.Client, token.Mechanism)) is { } text
            ? new LoginToken(Encoding.ASCII.GetString(text), token.Mechanism, token.Issued, token.Expires, isNext)
            : null;

    private SealedToken Seal(LoginClient client, LoginToken token) =>
        new(token.Mechanism, _box.Seal(Encoding.ASCII.GetBytes(token.Text), Bound(client.Account, client.Name, token.Mechanism)), token.Issued, token.Expires);

    // A row that was moved to another account or client opens nothing.
    private static string Bound(Identity account, string client, string mechanism) => $"{account.Value}\0{client}\0{mechanism}";

    private sealed record Opened(IReadOnlyList<LoginToken> Tokens)
    {
        public long Bytes => 256 + (Tokens.Count * 256);
    }
}

/// <summary>A token in clear text; say it to nobody but its client.</summary>
/// <param name="Mechanism">The only one it is good for.</param>
/// <param name="IsNext">The client has not used it yet.</param>
public sealed record LoginToken(string Text, string Mechanism, DateTimeOffset Issued, DateTimeOffset Expires, bool IsNext)
{
    // The generated text would hold the token, and end in a log.
    public override string ToString() => $"token for {Mechanism}";
}

/// <summary>A client of an account.</summary>
/// <param name="Name">By what the server knows it again.</param>
public sealed record LoginClient(Identity Account, string Name, string? Software, string? Device);
