using Likeness.Accounts;
using Likeness.Web.Passkeys;
using Likeness.Web.Visits;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Likeness.Web.Pages;

/// <summary><c>/sign-in/code</c>: the second half of a sign-in: a code of the authenticator, one that was written down, or a passkey.</summary>
[Open]
internal sealed class SignInCodeModel(SecondSteps steps, SecondFactors factors, Entrance entrance, PasskeyBook passkeys) : SitePage
{
    public bool OffersPasskeys => passkeys.IsOffered;

    public void OnGet()
    {
    }

    public async Task<IActionResult> OnPost([FromForm] string? code)
    {
        if (await steps.Take(Visitor) is not { } step)
        {
            return SeeOther("/sign-in");
        }

        try
        {
            if (await factors.Use(step.Proven.Account, code ?? "", CancellationToken.None))
            {
                return SeeOther(await entrance.Enter(HttpContext, step.Proven, step.Means, step.Back) ?? "/sign-in");
            }

            await steps.Put(Visitor, step);
            return Refuse(StatusCodes.Status422UnprocessableEntity, T["code.wrong"]);
        }
        catch (AccountRefusedException refused)
        {
            await steps.Put(Visitor, step);
            return Refuse(refused);
        }
    }
}
