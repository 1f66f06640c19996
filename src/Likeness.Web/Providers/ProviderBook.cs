using Likeness.Stores;
using Likeness.Web.Mails;
using Likeness.Web.Visits;
using Microsoft.Extensions.Logging;

namespace Likeness.Web.Providers;

/// <summary>The sites that vouch for people, and who is whose account there. A person is known by issuer and subject, never by a mail address, which another may have tomorrow.</summary>
internal sealed class ProviderBook : IDisposable
{
    /// <summary>Of one account.</summary>
    public const int MaxIdentities = 10;

    private readonly IProviderIdentityStore _stored;
    private readonly PortraitActs _acts;
    private readonly Notices _notices;
    private readonly TimeProvider _time;

    public ProviderBook(IProviderIdentityStore stored, PortraitActs acts, IStores stores, Notices notices, PageOptions options, TimeProvider time, ILogger<ProviderSignIn> log)
    {
        (_stored, _acts, _notices, _time) = (stored, acts, notices, time);
        All = options.Root is { } root ? [.. options.Providers.Select(provider => new ProviderSignIn(provider, root, stores.WebSteps, time, log))] : [];
    }

    public IReadOnlyList<ProviderSignIn> All { get; }

    public ProviderSignIn? Find(string name) => All.FirstOrDefault(provider => provider.Name == name);

    public ValueTask<Identity?> OwnerOf(ProvenPerson person, CancellationToken cancellationToken) => _stored.OwnerOf(person.Issuer, person.Subject, cancellationToken);

    public ValueTask<IReadOnlyList<ProviderIdentity>> Of(Identity account, CancellationToken cancellationToken) => _stored.List(account, cancellationToken);

    /// <summary>Ties the person to the account; a mail address that the site has verified is an address of it, if it is nobody else's. False: it is another account's.</summary>
    public async Task<bool> Link(Identity account, ProvenPerson person)
    {
        var identity = new ProviderIdentity(account, person.Issuer, person.Subject, person.Name, _time.GetUtcNow());
        if (!await _stored.Link(identity, MaxIdentities, Said(account, "provider link", person.Issuer), CancellationToken.None))
        {
            return false;
        }

        var before = await _notices.AddressesOf(account);
        await _notices.Tell(account, "provider", person.Issuer);
        if (person.Mail is { } mail)
        {
            try
            {
                await _acts.AddAddress(account, mail, new Cause(Origin.Web, account.Value), cancellationToken: CancellationToken.None);
                await _notices.Tell(account, "address", mail.Text, before);
            }
            catch (StoreConflictException)
            {
                // It is somebody else's here: what another site says takes nothing away.
            }
        }

        return true;
    }

    /// <summary>False: the visitor is not that person there.</summary>
    public async Task<bool> Unlink(Visitor visitor, string? issuer, string? subject)
    {
        if (!await _stored.Unlink(visitor.Account, issuer ?? "", subject ?? "", Said(visitor.Account, "provider unlink", issuer ?? ""), CancellationToken.None))
        {
            return false;
        }

        await _notices.Tell(visitor.Account, "noprovider", issuer!);
        return true;
    }

    public void Dispose()
    {
        foreach (var provider in All)
        {
            provider.Dispose();
        }
    }

    private AuditEntry Said(Identity account, string action, string issuer) => new(_time.GetUtcNow(), account.Value, action, account.Value, Detail: issuer);
}
