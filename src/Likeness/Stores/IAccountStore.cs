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

    /// <summary>Removes the account with everything stored for it: portrait, roster (its side), documents, offline messages, nodes. False: no such account.</summary>
    ValueTask<bool> Remove(Identity account, CancellationToken cancellationToken = default);

    /// <summary>All accounts of a domain, by name.</summary>
    ValueTask<IReadOnlyList<Identity>> List(string domain, CancellationToken cancellationToken = default);
}

/// <summary>An account and its credentials.</summary>
/// <param name="Sha1">Keys for SCRAM-SHA-1.</param>
/// <param name="Sha256">Keys for SCRAM-SHA-256.</param>
public sealed record AccountRecord(Identity Account, ScramCredentials Sha1, ScramCredentials Sha256);
