using Likeness.Accounts;
using Likeness.Stores;
using Likeness.Web.Mails;
using Likeness.Web.Providers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Likeness.Web.Pages;

/// <summary><c>/sign-up/with</c>: a name and a password for somebody for whom another site vouches, who is new here and invited, or where anybody opens an account.</summary>
[Visits.Open]
internal sealed class SignUpWithModel(ProviderBook providers, SignUps signUps, InvitationBook invitations, Notices notices, DomainPolicies policies) : SitePage
{
    private Invitation? _invitation;

    public ProviderSignUp Waiting { get; private set; } = null!;

    public string? Name { get; private set; }

    public string Domain => _invitation?.Domain ?? policies.ForHost(Request.Host.Host).Domain;

    /// <summary>What the browser has to work on; null: nothing.</summary>
    public string? Work => _invitation is null ? signUps.WorkFor(Visitor) : null;

    public NewAccount Form => signUps.Form(T, _invitation?.Name ?? Name ?? Suggested, Domain, Work, Problem) with { IsGiven = _invitation?.Name is not null };

    // As the person is called there, if that can be a name.
    private string Suggested => Waiting.Name.Split('@')[0] is { Length: <= 64 } name && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_') ? name.ToLowerInvariant() : "";

    public async Task<IActionResult> OnGet() => await Load() ? Page() : SeeOther("/sign-in?problem=provider");

    public async Task<IActionResult> OnPost([FromForm] string? name, [FromForm] string? password, [FromForm] string? work)
    {
        if (!await Load())
        {
            return SeeOther("/sign-in?problem=provider");
        }

        Name = name?.Trim();
        if (_invitation is null && !signUps.IsWorkDone(Visitor, Name, work))
        {
            return Refuse(StatusCodes.Status422UnprocessableEntity, T["signup.work"]);
        }

        try
        {
            var opened = default(Identity);
            var next = await signUps.Open(HttpContext, Name, Domain, password, Waiting.Invited, account =>
            {
                opened = account;
                return providers.Opening(Visitor, Waiting, account);
            });
            await notices.Tell(opened, "provider", Waiting.Issuer);
            return SeeOther(next);
        }
        catch (AccountRefusedException refused)
        {
            return Refuse(refused);
        }
        catch (LinkUsedException)
        {
            return SeeOther("/sign-in?problem=provider");
        }
    }

    // What was open when it was begun is still so.
    private async Task<bool> Load()
    {
        if (await providers.Waiting(Visitor, HttpContext.RequestAborted) is not { } waiting)
        {
            return false;
        }

        Waiting = waiting;
        _invitation = waiting.Invited is { } hash ? await invitations.Find(hash, HttpContext.RequestAborted) : null;
        return waiting.Invited is null ? signUps.IsOpen(Domain) : _invitation is { OpensAccount: true };
    }
}
