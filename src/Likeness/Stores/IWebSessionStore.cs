namespace Likeness.Stores;

/// <summary>Sessions of people on the pages. What a browser shows is never stored, only its SHA-256. They go with the account, and with its password.</summary>
public interface IWebSessionStore
{
    /// <summary>Nothing is kept for an account that is gone.</summary>
    /// <param name="hash">SHA-256 of what the browser shows, 32 bytes.</param>
    /// <param name="key">Of the password by which the person got in: with another one nothing is kept.</param>
    /// <param name="maxSessions">Beyond that, those of the account go that were not used for longest.</param>
    /// <param name="said">Goes into the log with it; null: nothing does.</param>
    /// <returns>Whether it is kept.</returns>
    ValueTask<bool> Add(WebSession session, byte[] hash, byte[] key, int maxSessions, AuditEntry? said, CancellationToken cancellationToken = default);

    /// <summary>The session with this SHA-256, expired or not.</summary>
    ValueTask<WebSession?> Find(byte[] hash, CancellationToken cancellationToken = default);

    /// <summary>All of an account, the one used last first.</summary>
    ValueTask<IReadOnlyList<WebSession>> List(Identity account, CancellationToken cancellationToken = default);

    /// <summary>Remembers that it was used at <paramref name="now"/>; an earlier time never replaces a later one.</summary>
    ValueTask Used(string id, DateTimeOffset now, CancellationToken cancellationToken = default);

    /// <summary>False: the account has no such session.</summary>
    ValueTask<bool> Remove(Identity account, string id, CancellationToken cancellationToken = default);

    /// <summary>Removes all of an account. How many there were.</summary>
    /// <param name="except">The id of one that stays; null: none does.</param>
    ValueTask<int> RemoveAll(Identity account, string? except = null, CancellationToken cancellationToken = default);

    /// <summary>Removes what was last used, or made, before.</summary>
    ValueTask Prune(DateTimeOffset used, DateTimeOffset created, CancellationToken cancellationToken = default);
}

/// <summary>A person in a browser.</summary>
/// <param name="Id">By which the person speaks of it; nobody gets in by it.</param>
/// <param name="Browser">What it calls itself, shortened.</param>
/// <param name="Network">Where from: the network, not the address.</param>
/// <param name="Created">When the person proved who it is.</param>
/// <param name="Used">Coarse: minutes old at most while it is in use.</param>
public sealed record WebSession(string Id, Identity Account, string Browser, string Network, DateTimeOffset Created, DateTimeOffset Used, SignInMeans Means = SignInMeans.Password)
{
    /// <summary>The person has shown what only they know or have; another who vouches for them, or reads their mail, is not enough for what cannot be taken back.</summary>
    public bool IsOwn => Means is SignInMeans.Password or SignInMeans.PasswordAndCode or SignInMeans.Passkey;

    /// <summary>It takes more to get in than what could be guessed or read along.</summary>
    public bool IsStrong => Means is SignInMeans.Passkey or SignInMeans.PasswordAndCode;
}

/// <summary>By what somebody got in.</summary>
public enum SignInMeans
{
    Password,

    /// <summary>A code of an authenticator as well, or a recovery code.</summary>
    PasswordAndCode,

    Passkey,

    /// <summary>Another site vouched for the person (OpenID Connect).</summary>
    Provider,

    /// <summary>The link of a mail.</summary>
    Mail,

    /// <summary>A code that came as a chat message.</summary>
    Chat,
}
