using System.Text.Json;
using Likeness.Libravatar;
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

    /// <summary>How long somebody who is new waits with the name and the password.</summary>
    public static readonly TimeSpan SignUpLifetime = TimeSpan.FromMinutes(30);

    /// <summary>The kind of step that somebody who is new waits in.</summary>
    public const string SignUp = "provider sign-up";
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly IWebStepStore _steps;
    private readonly AddressBook _addresses;
    private readonly IProviderIdentityStore _stored;
    private readonly PortraitActs _acts;
    private readonly Notices _notices;
    private readonly TimeProvider _time;

    public ProviderBook(IProviderIdentityStore stored, PortraitActs acts, AddressBook addresses, IStores stores, Notices notices, PageOptions options, TimeProvider time, ILogger<ProviderSignIn> log)
    {
        (_stored, _acts, _notices, _time, _steps, _addresses) = (stored, acts, notices, time, stores.WebSteps, addresses);
        All = options.Root is { } root ? [.. options.Providers.Select(provider => new ProviderSignIn(provider, root, stores.WebSteps, time, log))] : [];
    }

    public IReadOnlyList<ProviderSignIn> All { get; }

    public ProviderSignIn? Find(string name) => All.FirstOrDefault(provider => provider.Name == name);

    public ValueTask<Identity?> OwnerOf(ProvenPerson person, CancellationToken cancellationToken) => _stored.OwnerOf(person.Issuer, person.Subject, cancellationToken);

    public ValueTask<IReadOnlyList<ProviderIdentity>> Of(Identity account, CancellationToken cancellationToken) => _stored.List(account, cancellationToken);

    /// <summary>Ties the person to the account; a mail address that the site has verified is an address of it, if it is nobody else's. False: it is another account's.</summary>
    public async Task<bool> Link(Identity account, ProvenPerson person)
    {
        var identity = Of(account, person);
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

    /// <summary>Somebody came in by it: how they are called there, and where their picture is, may be another.</summary>
    public async Task Seen(Identity account, ProvenPerson person)
    {
        var known = (await _stored.List(account, CancellationToken.None)).FirstOrDefault(one => one.Issuer == person.Issuer && one.Subject == person.Subject);
        if (known is not null && (known.Name != person.Name || known.Picture != person.Picture))
        {
            await _stored.Seen(known with { Name = person.Name, Picture = person.Picture }, CancellationToken.None);
        }
    }

    /// <summary>The site vouches for somebody who has no account here and may open one: that waits for a name. False: not now.</summary>
    /// <param name="provider">As it is called on the pages.</param>
    public ValueTask<bool> Await(Visitor visitor, string provider, ProvenPerson person, byte[]? invited)
    {
        var state = JsonSerializer.Serialize(new ProviderSignUp(provider, person.Issuer, person.Subject, person.Name, person.Mail?.Text, person.Picture, invited), Relaxed);
        return state.Length > IWebStepStore.MaxState ? new(false) : _steps.Put(new WebStep(visitor.Browser, SignUp, state, _time.GetUtcNow() + SignUpLifetime), CancellationToken.None);
    }

    /// <summary>Who waits for a name in this browser; null: nobody, or not any more.</summary>
    public async ValueTask<ProviderSignUp?> Waiting(Visitor visitor, CancellationToken cancellationToken) =>
        await _steps.Find(visitor.Browser, SignUp, _time.GetUtcNow(), cancellationToken) is { } state ? JsonSerializer.Deserialize<ProviderSignUp>(state) : null;

    /// <summary>What is stored with the account that is opened: that it is this person's, once, and the mail address if it is nobody's.</summary>
    public async ValueTask<StoreWrite[]> Opening(Visitor visitor, ProviderSignUp waiting, Identity account)
    {
        var person = new ProvenPerson(waiting.Issuer, waiting.Subject, waiting.Name, null, waiting.Picture);
        StoreWrite[] writes = [new StoreWrite.UsedStep(visitor.Browser, SignUp, _time.GetUtcNow()), new StoreWrite.Provider(Of(account, person)), new StoreWrite.Audit(Said(account, "provider link", person.Issuer))];
        return waiting.Mail is { } mail && Address.TryParse(mail, out var address)
            && await _addresses.Find(address) is null && await _addresses.Claim(account, address) is { } claim
                ? [.. writes, claim]
                : writes;
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

    private ProviderIdentity Of(Identity account, ProvenPerson person) => new(account, person.Issuer, person.Subject, person.Name, _time.GetUtcNow(), person.Picture);

    private AuditEntry Said(Identity account, string action, string issuer) => new(_time.GetUtcNow(), account.Value, action, account.Value, Detail: issuer);
}

/// <summary>Somebody for whom another site vouches, on the way to an account here.</summary>
/// <param name="Provider">As it is called on the pages.</param>
/// <param name="Mail">That the site has verified.</param>
/// <param name="Invited">Hash of the text of an invitation.</param>
internal sealed record ProviderSignUp(string Provider, string Issuer, string Subject, string Name, string? Mail, string? Picture, byte[]? Invited);
