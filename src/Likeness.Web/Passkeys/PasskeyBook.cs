using System.Security.Cryptography;
using Likeness.Limits;
using Likeness.Stores;
using Likeness.Web.Mails;
using Likeness.Web.Visits;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace Likeness.Web.Passkeys;

/// <summary>Passkeys (Web Authentication Level 3): made and shown by the browser, checked by ASP.NET Core Identity, kept in our store. Each names the account by itself and has checked the person.</summary>
internal sealed class PasskeyBook : IDisposable
{
    /// <summary>Of one account.</summary>
    public const int MaxPasskeys = 20;

    /// <summary>Characters of the name that a person gives to one.</summary>
    public const int MaxName = 60;

    /// <summary>Challenges that one client is given.</summary>
    public static readonly RateLimit BegunPerClient = new(120, TimeSpan.FromMinutes(15));

    /// <summary>How long a challenge can be answered.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromMinutes(5);

    private const int MaxClients = 10_000;
    private const int HandleBytes = 32;
    private const string Adding = "passkey add";
    private const string SigningIn = "passkey sign-in";
    private readonly IPasskeyStore _stored;
    private readonly IWebStepStore _steps;
    private readonly Notices _notices;
    private readonly TimeProvider _time;
    private readonly KeyedRateLimiter<ClientKey> _clients;
    private readonly UserManager<PasskeyOwner> _owners;
    private readonly PasskeyHandler<PasskeyOwner>? _handler;

    public PasskeyBook(IPasskeyStore stored, IWebStepStore steps, Notices notices, PageOptions options, TimeProvider time)
    {
        (_stored, _steps, _notices, _time) = (stored, steps, notices, time);
        _clients = new(BegunPerClient, MaxClients, time);
        _owners = new UserManager<PasskeyOwner>(new PasskeyOwners(stored), Options.Create(new IdentityOptions()), null!, [], [], null!, null!, null!, null!);
        _handler = options.PublicUrl is { HostNameType: UriHostNameType.Dns } url ? new PasskeyHandler<PasskeyOwner>(_owners, Options.Create(OptionsOf(url))) : null;
    }

    /// <summary>Passkeys belong to a host name; without a public one there are none.</summary>
    public bool IsOffered => _handler is not null;

    public ValueTask<IReadOnlyList<Passkey>> Of(Identity account, CancellationToken cancellationToken) => _stored.List(account, cancellationToken);

    /// <summary>What the browser makes a passkey of, as JSON; null: not now.</summary>
    public async Task<string?> BeginAdding(HttpContext context)
    {
        var visitor = context.Visitor();
        var known = await Of(visitor.Account, context.RequestAborted);
        if (_handler is null || known.Count >= MaxPasskeys || _clients.Take(visitor.Client) > TimeSpan.Zero)
        {
            return null;
        }

        var handle = known.Count > 0 ? known[0].Handle : WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(HandleBytes));
        var name = visitor.Account.Value;
        var made = await _handler.MakeCreationOptionsAsync(new PasskeyUserEntity { Id = handle, Name = name, DisplayName = name.Split('@')[0] }, context);
        return await Keep(visitor, Adding, made.AttestationState) ? made.CreationOptionsJson : null;
    }

    /// <summary>Keeps the passkey that the browser made. False: it is not what was asked for.</summary>
    public async Task<bool> Add(HttpContext context, string? credential, string? name)
    {
        var visitor = context.Visitor();
        if (_handler is null || await Taken(visitor, Adding) is not { } state)
        {
            return false;
        }

        var made = await _handler.PerformAttestationAsync(new PasskeyAttestationContext { HttpContext = context, CredentialJson = credential ?? "", AttestationState = state });
        if (!made.Succeeded)
        {
            return false;
        }

        var (info, now) = (made.Passkey, _time.GetUtcNow());
        var passkey = new Passkey(
            info.CredentialId, visitor.Account, made.UserEntity.Id, Named(name), info.PublicKey, info.SignCount, info.Transports ?? [], info.IsBackupEligible, info.IsBackedUp, now, null);
        if (!await _stored.Add(passkey, MaxPasskeys, Said(visitor, "passkey add", passkey.Name), CancellationToken.None))
        {
            return false;
        }

        await _notices.Tell(visitor.Account, "passkey", passkey.Name);
        return true;
    }

    /// <summary>What the browser shows a passkey for, as JSON; null: not now.</summary>
    public async Task<string?> BeginSignIn(HttpContext context)
    {
        var visitor = context.Visitor();
        if (_handler is null || _clients.Take(visitor.Client) > TimeSpan.Zero)
        {
            return null;
        }

        var made = await _handler.MakeRequestOptionsAsync(null, context);
        return await Keep(visitor, SigningIn, made.AssertionState) ? made.RequestOptionsJson : null;
    }

    /// <summary>Whose passkey the browser shows; null: nobody's, or it does not count.</summary>
    public async Task<Identity?> Prove(HttpContext context, string? credential)
    {
        if (_handler is null || await Taken(context.Visitor(), SigningIn) is not { } state)
        {
            return null;
        }

        var shown = await _handler.PerformAssertionAsync(new PasskeyAssertionContext { HttpContext = context, CredentialJson = credential ?? "", AssertionState = state });
        return shown.Succeeded && await _stored.Used(shown.Passkey.CredentialId, shown.Passkey.SignCount, shown.Passkey.IsBackedUp, _time.GetUtcNow(), CancellationToken.None)
            ? shown.User.Account
            : null;
    }

    /// <summary>False: the visitor has no such passkey.</summary>
    public async Task<bool> Rename(Visitor visitor, string? id, string? name) =>
        Id(id) is { } known && await _stored.Rename(visitor.Account, known, Named(name), CancellationToken.None);

    /// <inheritdoc cref="Rename"/>
    public async Task<bool> Remove(Visitor visitor, string? id)
    {
        if (Id(id) is not { } known || await _stored.Find(known) is not { } passkey
            || !await _stored.Remove(visitor.Account, known, Said(visitor, "passkey remove", passkey.Name), CancellationToken.None))
        {
            return false;
        }

        await _notices.Tell(visitor.Account, "nopasskey", passkey.Name);
        return true;
    }

    public void Dispose() => _owners.Dispose();

    private static IdentityPasskeyOptions OptionsOf(Uri url)
    {
        var origin = $"{url.Scheme}://{url.IdnHost}{(url.IsDefaultPort ? "" : $":{url.Port}")}";
        return new IdentityPasskeyOptions
        {
            ServerDomain = url.IdnHost,
            AuthenticatorTimeout = Timeout,
            UserVerificationRequirement = "required",
            ResidentKeyRequirement = "required",
            AttestationConveyancePreference = "none",
            ValidateOrigin = shown => new(!shown.CrossOrigin && string.Equals(shown.Origin, origin, StringComparison.OrdinalIgnoreCase)),
        };
    }

    private ValueTask<bool> Keep(Visitor visitor, string kind, string? state) =>
        _steps.Put(new WebStep(visitor.Browser, kind, state ?? "", _time.GetUtcNow() + Timeout), CancellationToken.None);

    private ValueTask<string?> Taken(Visitor visitor, string kind) => _steps.Take(visitor.Browser, kind, _time.GetUtcNow(), CancellationToken.None);

    private AuditEntry Said(Visitor visitor, string action, string name) => new(_time.GetUtcNow(), visitor.Account.Value, action, visitor.Account.Value, Detail: name);

    private static string Named(string? name)
    {
        var text = new string([.. (name ?? "").Trim().Where(character => !char.IsControl(character)).Take(MaxName)]);
        return text.Length > 0 ? text : "?";
    }

    private static byte[]? Id(string? text)
    {
        try
        {
            return text is null ? null : WebEncoders.Base64UrlDecode(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
