using Likeness.Accounts;
using Likeness.Web.Visits;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Likeness.Web.Pages;

/// <summary><c>/reset/TOKEN</c>: somebody who was handed a link chooses another password. Looking at it does nothing.</summary>
[Open]
internal sealed class ResetModel(ResetLinks links, PageOptions options) : SitePage
{
    public int MinPassword => options.MinPasswordCharacters;

    public bool IsDone { get; private set; }

    /// <summary>The link is not good, or not any more.</summary>
    public bool IsGone { get; private set; }

    public async Task<IActionResult> OnGet(string token)
    {
        TellNobody();
        IsDone = token == "done";
        return IsDone || await links.Find(token) is not null ? Page() : Gone();
    }

    public async Task<IActionResult> OnPost(string token, [FromForm(Name = "new")] string? chosen)
    {
        TellNobody();
        try
        {
            return await links.Use(token, chosen ?? "") ? SeeOther("/reset/done") : Gone();
        }
        catch (AccountRefusedException refused)
        {
            return Refuse(refused);
        }
    }

    // The address of the page opens something.
    private void TellNobody() => Response.Headers["Referrer-Policy"] = "no-referrer";

    private PageResult Gone()
    {
        IsGone = true;
        Response.StatusCode = StatusCodes.Status404NotFound;
        return Page();
    }
}
