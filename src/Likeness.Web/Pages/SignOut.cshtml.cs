using Likeness.Accounts;
using Microsoft.AspNetCore.Mvc;

namespace Likeness.Web.Pages;

/// <summary><c>/sign-out</c>: ends this session, here and in the database.</summary>
internal sealed class SignOutModel(WebSessions sessions) : SitePage
{
    public async Task<IActionResult> OnPost()
    {
        await sessions.End(Visitor.Account, Visitor.Session!.Id, CancellationToken.None);
        Visitor.SignOut();
        return SeeOther("/");
    }
}
