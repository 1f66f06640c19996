namespace Likeness.Stores;

/// <summary>Who accounts are at other sites that vouch for people (OpenID Connect). It goes with the account.</summary>
public interface IProviderIdentityStore
{
    /// <summary>Whose account this is; null: nobody's.</summary>
    ValueTask<Identity?> OwnerOf(string issuer, string subject, CancellationToken cancellationToken = default);

    /// <summary>All of an account, the first one first.</summary>
    ValueTask<IReadOnlyList<ProviderIdentity>> List(Identity account, CancellationToken cancellationToken = default);

    /// <summary>Ties it to the account. Refused with <see cref="AccountGoneException"/> when the account is not there.</summary>
    /// <param name="said">Goes into the log with it.</param>
    /// <returns>False: it is another account's, or the account has so many.</returns>
    ValueTask<bool> Link(ProviderIdentity identity, int maxIdentities, AuditEntry said, CancellationToken cancellationToken = default);

    /// <summary>The person is called otherwise there, or shows another picture.</summary>
    ValueTask Seen(ProviderIdentity identity, CancellationToken cancellationToken = default);

    /// <summary>False: the account has no such identity.</summary>
    /// <param name="said">Goes into the log with it.</param>
    ValueTask<bool> Unlink(Identity account, string issuer, string subject, AuditEntry said, CancellationToken cancellationToken = default);
}

/// <summary>Who an account is at another site.</summary>
/// <param name="Issuer">The site, as it calls itself.</param>
/// <param name="Subject">As the site calls the person, for good; a mail address is nobody for good.</param>
/// <param name="Name">As the person is called there, for the person to read.</param>
/// <param name="Picture">Where the person's picture is, as the site says; null: it says of none.</param>
public sealed record ProviderIdentity(Identity Account, string Issuer, string Subject, string Name, DateTimeOffset Since, string? Picture = null);
