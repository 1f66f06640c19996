using Likeness.Accounts;
using Likeness.Web.Visits;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Likeness.Web.Pages;

/// <summary><c>/reset/TOKEN</c>: somebody who was handed a link chooses another password. Looking at it does nothing.</summary>
[Open]
internal sealed class ResetModel(ResetLinks links, PageOptions options) : SitePage
{
    public int MinPassword => options.MinPasswordCharacters;

    public bool IsDone { get; private set; }

    // The address of the page opens something: it is told to nobody.
    public void OnGet(string token)
    {
        Response.Headers["Referrer-Policy"] = "no-referrer";
        IsDone = token == "done";
    }

    public async Task<IActionResult> OnPost(string token, [FromForm(Name = "new")] string? chosen)
    {
        OnGet(token);
        try
        {
            return await links.Use(token, chosen ?? "") ? SeeOther("/reset/done") : Refuse(StatusCodes.Status404NotFound, T["reset.gone"]);
        }
        catch (AccountRefusedException refused)
        {
            return Refuse(refused);
        }
    }
}
