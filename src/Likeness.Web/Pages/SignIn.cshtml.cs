using Likeness.Accounts;
using Likeness.Stores;
using Likeness.Web.Mails;
using Likeness.Web.Passkeys;
using Likeness.Web.Providers;
using Likeness.Web.Visits;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Likeness.Web.Pages;

/// <summary><c>/sign-in</c>: the name and password of the chats, or a passkey.</summary>
[Open]
internal sealed class SignInModel(WebSessions sessions, Entrance entrance, SignUps signUps, PasskeyBook passkeys, ProviderBook providers, MailBook mails, DomainPolicies policies, IChatsBeside? beside = null) : SitePage
{
    public bool OpensAccounts => signUps.IsOpen(Domain);

    public bool SendsMail => mails.IsOn;

    /// <summary>People of the domain are on a chat server beside this one.</summary>
    public bool WritesInChats => beside?.Serves(Domain) is true;

    public IEnumerable<string> Providers => providers.All.Select(provider => provider.Name);

    public bool OffersPasskeys => passkeys.IsOffered;

    /// <summary>Somebody is signed in already, and shows it again.</summary>
    public bool IsAgain { get; private set; }

    public string? Name { get; private set; }

    /// <summary>A path of ours to go on to; null: none.</summary>
    public string? Return { get; private set; }

    /// <summary>Of names without one.</summary>
    public string Domain => policies.ForHost(Request.Host.Host).Domain;

    /// <param name="again">The password is wanted although somebody is signed in.</param>
    public IActionResult OnGet([FromQuery(Name = "return")] string? back, string? again, string? problem)
    {
        Problem = problem switch
        {
            "provider" => T["provider.failed"],
            "unlinked" => T["provider.unlinked"],
            "disabled" => T["refused.disabled"],
            _ => null,
        };
        Return = OwnPath(back);
        IsAgain = Visitor.Session is not null && again is not null;
        Name = IsAgain ? Visitor.Account.Value : null;
        return Visitor.Session is null || IsAgain ? Page() : SeeOther(Return ?? "/me");
    }

    public async Task<IActionResult> OnPost([FromForm] string? name, [FromForm] string? password, [FromForm(Name = "return")] string? back)
    {
        (Name, Return) = (name, OwnPath(back));
        if (string.IsNullOrWhiteSpace(name) || string.IsNullOrEmpty(password))
        {
            return Refuse(StatusCodes.Status422UnprocessableEntity, T["signin.wrong"]);
        }

        try
        {
            return await sessions.Prove(name, Domain, password, Visitor.Client, HttpContext.RequestAborted) is { } proven
                && await entrance.Begin(HttpContext, proven, SignInMeans.Password, Return) is { } next
                    ? SeeOther(next)
                    : Refuse(StatusCodes.Status422UnprocessableEntity, T["signin.wrong"]);
        }
        catch (AccountRefusedException refused)
        {
            return Refuse(refused);
        }
    }

    /// <summary>What the browser shows a passkey for; to be called by script.</summary>
    public async Task<IActionResult> OnPostPasskeyOptions() =>
        await passkeys.BeginSignIn(HttpContext) is { } options ? Content(options, "application/json") : StatusCode(StatusCodes.Status503ServiceUnavailable);

    public async Task<IActionResult> OnPostPasskey([FromForm] string? credential, [FromForm(Name = "return")] string? back)
    {
        Return = OwnPath(back);
        try
        {
            return await passkeys.Prove(HttpContext, credential) is { } account
                && await entrance.Enter(HttpContext, account, SignInMeans.Passkey, Return) is { } next
                    ? SeeOther(next)
                    : Refuse(StatusCodes.Status422UnprocessableEntity, T["signin.passkey.wrong"]);
        }
        catch (AccountRefusedException refused)
        {
            return Refuse(refused);
        }
    }
}
