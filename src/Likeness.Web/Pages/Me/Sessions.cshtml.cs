using Likeness.Accounts;
using Likeness.Stores;
using Microsoft.AspNetCore.Mvc;

namespace Likeness.Web.Pages;

/// <summary><c>/me/sessions</c>: the browsers in which the person is signed in.</summary>
internal sealed class SessionsModel(WebSessions sessions) : SitePage
{
    public IReadOnlyList<WebSession> Sessions { get; private set; } = [];

    public string Here => Visitor.Session!.Id;

    public async Task OnGet() => Sessions = await sessions.List(Visitor.Account, HttpContext.RequestAborted);

    public async Task<IActionResult> OnPostEnd([FromForm] string? id)
    {
        await sessions.End(Visitor.Account, id ?? "", CancellationToken.None);
        return SeeOther("/me/sessions");
    }

    public async Task<IActionResult> OnPostEndOthers()
    {
        await sessions.EndOthers(Visitor.Account, Here, CancellationToken.None);
        return SeeOther("/me/sessions");
    }
}
