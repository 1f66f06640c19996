namespace Likeness.Stores;

/// <summary>Tokens by which clients log in without the password (XEP-0484). They go with the account, and with its password.</summary>
public interface ILoginTokenStore
{
    /// <summary>What one client of an account was given; null: nothing.</summary>
    ValueTask<ClientTokens?> Find(Identity account, string client, CancellationToken cancellationToken = default);

    /// <summary>What all clients of an account were given, the latest first.</summary>
    ValueTask<IReadOnlyList<ClientTokens>> List(Identity account, CancellationToken cancellationToken = default);

    /// <summary>Replaces what is kept of a client. Nothing is kept for an account that is gone.</summary>
    /// <param name="key">Of the password by which the client got in: with another one nothing is kept.</param>
    /// <param name="isUsed">The client got in by a token: where it was removed meanwhile, nothing is kept.</param>
    /// <param name="maxClients">Beyond that, those go that were given a token longest ago.</param>
    /// <returns>Whether it is kept.</returns>
    ValueTask<bool> Save(ClientTokens tokens, byte[] key, bool isUsed, int maxClients, CancellationToken cancellationToken = default);

    /// <summary>Removes what is kept of one client.</summary>
    ValueTask Remove(Identity account, string client, CancellationToken cancellationToken = default);

    /// <summary>Removes what is kept of all clients of an account. How many there were.</summary>
    ValueTask<int> RemoveAll(Identity account, CancellationToken cancellationToken = default);

    /// <summary>Removes what expired before.</summary>
    ValueTask Prune(DateTimeOffset before, CancellationToken cancellationToken = default);
}

/// <summary>The tokens of one client.</summary>
/// <param name="Client">By what the server knows it again.</param>
/// <param name="Software">As the client calls its program, if it does.</param>
/// <param name="Device">As it calls its device.</param>
/// <param name="Current">The one it logs in with; null: it has not used any yet.</param>
/// <param name="Next">The one it was given last, and has not used yet.</param>
public sealed record ClientTokens(Identity Account, string Client, string? Software, string? Device, SealedToken? Current, SealedToken? Next);

/// <summary>A token as it is stored.</summary>
/// <param name="Mechanism">The only one it is good for.</param>
/// <param name="Bytes">Encrypted.</param>
public sealed record SealedToken(string Mechanism, byte[] Bytes, DateTimeOffset Issued, DateTimeOffset Expires);
