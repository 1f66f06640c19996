using Likeness.Libravatar;
using Likeness.Web.Portraits;
using Likeness.Web.Visits;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Likeness.Web.Pages;

/// <summary><c>/report</c>: somebody, with an account or without, says what is wrong with a picture.</summary>
[Open]
internal sealed class ReportModel(Reports reports) : SitePage
{
    public string? Where { get; private set; }

    public string? Reason { get; private set; }

    public string? Mail { get; private set; }

    public bool IsDone { get; private set; }

    public void OnGet(string? url, string? done) => (Where, IsDone) = (url, done is not null);

    public async Task<IActionResult> OnPost([FromForm] string? url, [FromForm] string? reason, [FromForm] string? mail)
    {
        (Where, Reason, Mail) = (url, reason?.Trim(), string.IsNullOrWhiteSpace(mail) ? null : mail.Trim());
        if (string.IsNullOrWhiteSpace(Where) || string.IsNullOrEmpty(Reason) || Reason.Length > Reports.MaxReason)
        {
            return Refuse(StatusCodes.Status422UnprocessableEntity, T["report.missing"]);
        }

        if (Mail is not null && !(Address.TryParse(Mail, out var address) && address.Kind == AddressKind.Email))
        {
            return Refuse(StatusCodes.Status422UnprocessableEntity, T["front.noaddress"]);
        }

        if (await reports.Take(Where, Reason, Mail, Visitor.Client, HttpContext.RequestAborted) is { Ticks: > 0 } wait)
        {
            return Refuse(wait);
        }

        return SeeOther("/report?done=yes");
    }
}
