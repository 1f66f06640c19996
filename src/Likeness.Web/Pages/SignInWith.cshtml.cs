using Likeness.Accounts;
using Likeness.Stores;
using Likeness.Web.Providers;
using Likeness.Web.Visits;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Likeness.Web.Pages;

/// <summary><c>/sign-in/with/NAME</c>: to a site that vouches for people, and <c>/sign-in/with/NAME/back</c>: from there.</summary>
[Open]
internal sealed class SignInWithModel(ProviderBook providers, Entrance entrance, SignUps signUps, DomainPolicies policies, TimeProvider time) : SitePage
{
    public async Task<IActionResult> OnGet(string provider, string? way, [FromQuery(Name = "return")] string? back, string? link, string? invite, string? code, string? state)
    {
        if (providers.Find(provider) is not { } site)
        {
            return NotFound();
        }

        return way switch
        {
            null => await Begin(site, back, link is not null, invite is { Length: > 0 } && InvitationToken.IsOne(invite) ? InvitationToken.HashOf(invite) : null),
            "back" => await Finish(site, code, state),
            _ => NotFound(),
        };
    }

    private async Task<IActionResult> Begin(ProviderSignIn site, string? back, bool links, byte[]? invited)
    {
        // Another site does not begin what ties an account to somebody.
        if (links && (!Visitor.IsFresh(time) || Request.Headers["Sec-Fetch-Site"].ToString() is not ("" or "same-origin" or "none")))
        {
            return SeeOther("/sign-in?again=yes&return=%2Fme%2Fproviders");
        }

        if (await site.Begin(Visitor, OwnPath(back), links ? Visitor.Account : null, invited, HttpContext.RequestAborted) is not { } there)
        {
            return SeeOther("/sign-in?problem=provider");
        }

        Response.Headers.Location = there;
        return StatusCode(StatusCodes.Status303SeeOther);
    }

    private async Task<IActionResult> Finish(ProviderSignIn site, string? code, string? state)
    {
        if (await site.Finish(Visitor, code, state, HttpContext.RequestAborted) is not { } finished)
        {
            return SeeOther("/sign-in?problem=provider");
        }

        var (step, person) = finished;
        if (step.Links is { } account)
        {
            // Whoever it was begun for is still there.
            return Visitor.Session?.Account.Value == account && await providers.Link(Visitor.Account, person)
                ? SeeOther("/me/providers?done=yes")
                : SeeOther("/me/providers?problem=taken");
        }

        if (await providers.OwnerOf(person, HttpContext.RequestAborted) is not { } owner)
        {
            // Somebody who is new, and may open an account, chooses a name.
            return (step.Invited is not null || signUps.IsOpen(policies.ForHost(Request.Host.Host).Domain)) && await providers.Await(Visitor, site.Name, person, step.Invited)
                ? SeeOther("/sign-up/with")
                : SeeOther("/sign-in?problem=unlinked");
        }

        try
        {
            await providers.Seen(owner, person);
            return SeeOther(await entrance.Begin(HttpContext, owner, SignInMeans.Provider, step.Back) ?? "/sign-in?problem=provider");
        }
        catch (AccountRefusedException)
        {
            return SeeOther("/sign-in?problem=disabled");
        }
    }
}
