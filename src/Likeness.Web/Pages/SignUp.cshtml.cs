using Likeness.Accounts;
using Likeness.Web.Visits;
using Microsoft.AspNetCore.Mvc;

namespace Likeness.Web.Pages;

/// <summary><c>/sign-up</c>: an account without an invitation, where the operator opened that to everybody. Counted with the registrations of chats.</summary>
[Open]
internal sealed class SignUpModel(AccountBook accounts, WebSessions sessions, DomainPolicies policies, PageOptions options) : SitePage
{
    public string? Name { get; private set; }

    public string Domain => policies.ForHost(Request.Host.Host).Domain;

    public int MinPassword => options.MinPasswordCharacters;

    public IActionResult OnGet() => options.OpensAccounts ? Page() : NotFound();

    public async Task<IActionResult> OnPost([FromForm] string? name, [FromForm] string? password)
    {
        if (!options.OpensAccounts)
        {
            return NotFound();
        }

        Name = name?.Trim();
        try
        {
            await accounts.Register(Name ?? "", Domain, password ?? "", Visitor.Client, token: null, CancellationToken.None);
            if (await sessions.SignIn(Name ?? "", Domain, password ?? "", Visitor.Client, Request.Headers.UserAgent, Visitor.Network, CancellationToken.None) is { } signedIn)
            {
                Visitor.SignIn(signedIn.Session, signedIn.Token);
            }

            return SeeOther("/me/picture");
        }
        catch (AccountRefusedException refused)
        {
            return Refuse(refused);
        }
    }
}
