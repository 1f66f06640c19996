using Likeness.Xmpp.Sasl;

namespace Likeness.Stores;

/// <summary>Local accounts and their SCRAM keys. Passwords are never stored.</summary>
public interface IAccountStore
{
    ValueTask<AccountRecord?> Find(Identity account, CancellationToken cancellationToken = default);

    /// <summary>Throws <see cref="StoreConflictException"/> when the account exists.</summary>
    ValueTask Add(AccountRecord account, CancellationToken cancellationToken = default);

    /// <summary>Replaces the credentials; the tokens that were given out for the old ones and the sessions on the pages go (<see cref="ILoginTokenStore"/>, <see cref="IWebSessionStore"/>). False: no such account.</summary>
    ValueTask<bool> Update(AccountRecord account, CancellationToken cancellationToken = default);

    /// <summary>Adds keys that were missing; what is there stays, and so do tokens.</summary>
    /// <param name="whole">With all keys, made of the same password.</param>
    ValueTask Complete(AccountRecord whole, CancellationToken cancellationToken = default);

    /// <summary>The hashes that no account of the domain lacks keys of.</summary>
    ValueTask<ScramHashes> Hashes(string domain, CancellationToken cancellationToken = default);

    /// <summary>Removes the account with everything stored for it: portrait, roster (its side), documents, offline messages, nodes. False: no such account.</summary>
    ValueTask<bool> Remove(Identity account, CancellationToken cancellationToken = default);

    /// <summary>All accounts of a domain, by name.</summary>
    /// <param name="isDisabled">Those that are disabled only.</param>
    ValueTask<IReadOnlyList<Identity>> List(string domain, bool isDisabled = false, CancellationToken cancellationToken = default);

    /// <summary>Some of the accounts that are looked for, in the order of their bytes. It takes as long for a million as for ten.</summary>
    /// <param name="after">The last one that was read; null: from the first on.</param>
    ValueTask<IReadOnlyList<Identity>> Page(AccountSearch search, string? after, int most, CancellationToken cancellationToken = default);
}

/// <summary>Which accounts are looked for.</summary>
/// <param name="Begins">How they begin, in lower case; empty: anyhow.</param>
public sealed record AccountSearch(string Domain, AccountFilter Filter = AccountFilter.All, string Begins = "");

/// <summary>What the accounts have in common.</summary>
public enum AccountFilter
{
    All,

    /// <summary>A picture is kept for them, whoever sees it.</summary>
    Picture,

    NoPicture,

    /// <summary>An operator holds the picture.</summary>
    Locked,

    /// <summary>Nobody logs in to them.</summary>
    Disabled,

    /// <summary>They were given a role. Those whom the configuration names are not among them.</summary>
    Role,
}

/// <summary>An account and its credentials: those of one hash at least. What comes from another server may have one only.</summary>
/// <param name="Sha1">Keys for SCRAM-SHA-1.</param>
/// <param name="Sha256">Keys for SCRAM-SHA-256.</param>
public sealed record AccountRecord(Identity Account, ScramCredentials? Sha1, ScramCredentials? Sha256)
{
    /// <summary>Since when nobody logs in to it; null: people do.</summary>
    public DateTimeOffset? Disabled { get; init; }

    /// <summary>Why it is disabled, as far as somebody said.</summary>
    public string? DisabledReason { get; init; }

    /// <summary>The hashes it has keys of.</summary>
    public ScramHashes Hashes => (Sha1 is null ? ScramHashes.None : ScramHashes.Sha1) | (Sha256 is null ? ScramHashes.None : ScramHashes.Sha256);
}
