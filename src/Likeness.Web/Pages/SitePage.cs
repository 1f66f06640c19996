using System.Globalization;
using Likeness.Accounts;
using Likeness.Stores;
using Likeness.Web.Language;
using Likeness.Web.Visits;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Likeness.Web.Pages;

/// <summary>What every page has.</summary>
internal abstract class SitePage : PageModel
{
    /// <summary>What is wrong with what was sent; null: nothing.</summary>
    public string? Problem { get; protected set; }

    public Words T => Words.Of(HttpContext);

    protected Visitor Visitor => HttpContext.Visitor();

    /// <summary>What was sent is done: the browser goes on to a page that shows it, and sends nothing twice (RFC 9110 §15.4.4).</summary>
    /// <param name="path">Of ours, beginning with a slash.</param>
    protected IActionResult SeeOther(string path)
    {
        Response.Headers.Location = Request.PathBase + path;
        return StatusCode(StatusCodes.Status303SeeOther);
    }

    /// <summary>A path to go on to; null for what is none of ours, however it is written: "//", "/\" and addresses of elsewhere.</summary>
    protected string? OwnPath(string? back) => back is { Length: > 1 and < 2048 } && back[0] == '/' && Url.IsLocalUrl(back) && !back.StartsWith("/sign-", StringComparison.Ordinal) ? back : null;

    /// <summary>The same page again, saying what is wrong.</summary>
    protected IActionResult Refuse(int status, string problem)
    {
        Problem = problem;
        Response.StatusCode = status;
        return Page();
    }

    /// <summary>A mail is not sent.</summary>
    protected IActionResult Refuse(MailRefusal refusal) => Refuse(StatusCodes.Status429TooManyRequests, T["mail.refused." + refusal.ToString().ToLowerInvariant()]);

    /// <summary>Something was asked for too often.</summary>
    protected IActionResult Refuse(TimeSpan wait)
    {
        Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return Refuse(StatusCodes.Status429TooManyRequests, T["refused.toomany", Math.Ceiling(wait.TotalMinutes)]);
    }

    /// <summary>As <see cref="Refuse(int, string)"/>, in the words of the visitor where there are any.</summary>
    protected IActionResult Refuse(AccountRefusedException refused)
    {
        if (refused.RetryAfter is { } wait)
        {
            return Refuse(wait);
        }

        return Refuse(refused.Reason == AccountRefusal.Away ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status422UnprocessableEntity, refused.Reason switch
        {
            AccountRefusal.Name => T["refused.name"],
            AccountRefusal.Taken => T["refused.taken"],
            AccountRefusal.Password => T["refused.password"],
            AccountRefusal.Disabled => T["refused.disabled"],
            AccountRefusal.Elsewhere => T["refused.elsewhere"],
            AccountRefusal.Away => T["refused.away"],
            AccountRefusal.Invitation => T["invite.gone.title"],
            _ => T["problem.other"],
        });
    }
}
