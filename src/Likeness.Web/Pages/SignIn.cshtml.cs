using Likeness.Accounts;
using Likeness.Web.Visits;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Likeness.Web.Pages;

/// <summary><c>/sign-in</c>: the name and password of the chats.</summary>
[Open]
internal sealed class SignInModel(WebSessions sessions, DomainPolicies policies, Mails.Notices notices, PageOptions options) : SitePage
{
    public bool OpensAccounts => options.OpensAccounts;

    public bool SendsMail => options is { Mail: not null, PublicUrl: not null };

    public string? Name { get; private set; }

    /// <summary>A path of ours to go on to; null: none.</summary>
    public string? Return { get; private set; }

    /// <summary>Of names without one.</summary>
    public string Domain => policies.ForHost(Request.Host.Host).Domain;

    /// <param name="again">The password is wanted although somebody is signed in.</param>
    public IActionResult OnGet([FromQuery(Name = "return")] string? back, string? again)
    {
        Return = Own(back);
        return Visitor.Session is null || again is not null ? Page() : SeeOther(Return ?? "/me");
    }

    public async Task<IActionResult> OnPost([FromForm] string? name, [FromForm] string? password, [FromForm(Name = "return")] string? back)
    {
        (Name, Return) = (name, Own(back));
        if (string.IsNullOrWhiteSpace(name) || string.IsNullOrEmpty(password))
        {
            return Refuse(StatusCodes.Status422UnprocessableEntity, T["signin.wrong"]);
        }

        try
        {
            if (await sessions.SignIn(name, Domain, password, Visitor.Client, Request.Headers.UserAgent, Visitor.Network, HttpContext.RequestAborted) is not { } signedIn)
            {
                return Refuse(StatusCodes.Status422UnprocessableEntity, T["signin.wrong"]);
            }

            Visitor.SignIn(signedIn.Session, signedIn.Token);
            await notices.SignedIn(signedIn.Session);
            return SeeOther(Return ?? "/me");
        }
        catch (AccountRefusedException refused)
        {
            return Refuse(refused);
        }
    }

    // Never to another site, however it is written: "//", "/\" and addresses of elsewhere are none of ours.
    private string? Own(string? back) => back is { Length: > 1 and < 2048 } && back[0] == '/' && Url.IsLocalUrl(back) && !back.StartsWith("/sign-", StringComparison.Ordinal) ? back : null;
}
