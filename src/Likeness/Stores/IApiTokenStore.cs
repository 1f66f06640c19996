namespace Likeness.Stores;

/// <summary>The tokens programs show at the REST interface. A token itself is never stored, only its SHA-256.</summary>
public interface IApiTokenStore
{
    /// <summary>Throws <see cref="StoreConflictException"/> when a token has this name or hash.</summary>
    /// <param name="hash">SHA-256 of the token, 32 bytes.</param>
    ValueTask Add(ApiToken token, byte[] hash, CancellationToken cancellationToken = default);

    /// <summary>The token with this SHA-256, expired or not; null when there is none.</summary>
    ValueTask<ApiToken?> Find(byte[] hash, CancellationToken cancellationToken = default);

    /// <summary>All tokens, by name.</summary>
    ValueTask<IReadOnlyList<ApiToken>> List(CancellationToken cancellationToken = default);

    /// <summary>False: no such token.</summary>
    ValueTask<bool> Remove(string name, CancellationToken cancellationToken = default);

    /// <summary>Remembers that the token was used at <paramref name="now"/>; an earlier time never replaces a later one.</summary>
    ValueTask Used(string name, DateTimeOffset now, CancellationToken cancellationToken = default);
}

/// <summary>What a token may do.</summary>
/// <param name="Domains">Lower-case domains it may touch; empty: every one.</param>
/// <param name="LastUsed">Coarse: an hour old at most while the token is in use.</param>
public sealed record ApiToken(
    string Name,
    IReadOnlyList<string> Domains,
    bool ReadOnly,
    DateTimeOffset Created,
    DateTimeOffset? Expires,
    DateTimeOffset? LastUsed = null);
