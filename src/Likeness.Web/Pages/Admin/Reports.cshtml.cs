using Likeness.Accounts;
using Likeness.Stores;
using Likeness.Web.Visits;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Likeness.Web.Pages;

/// <summary><c>/admin/reports</c>: what people said of pictures, and what is decided about it. Of two administrators one decides.</summary>
[Needs(Right.Pictures)]
internal sealed class ReportsModel(IReportStore stored, PortraitBook book, PictureAlbum album, Administrators administrators, TimeProvider time) : SitePage
{
    private const int PageSize = 20;
    private readonly HashSet<string> _shown = [];
    private readonly HashSet<string> _blockable = [];

    public IReadOnlyList<PictureReport> Reports { get; private set; } = [];

    public bool IsDone { get; private set; }

    /// <summary>The person still shows the picture that was reported.</summary>
    public bool Shows(PictureReport report) => _shown.Contains(report.Id);

    public IEnumerable<string> Decisions(PictureReport report) => !Shows(report) ? ["keep"] : _blockable.Contains(report.Id) ? ["keep", "clear", "lock", "block"] : ["keep", "clear", "lock"];

    public async Task OnGet(string? done)
    {
        IsDone = done is not null;
        Reports = await stored.Open(PageSize, Visitor.Rights.DomainsOf(Right.Pictures), HttpContext.RequestAborted);
        foreach (var report in Reports)
        {
            if (await StillShows(report))
            {
                _shown.Add(report.Id);
                if (await administrators.May(Visitor.Rights, new AdminAct.Block(report.Person, ""), HttpContext.RequestAborted))
                {
                    _blockable.Add(report.Id);
                }
            }
        }
    }

    public async Task<IActionResult> OnPost([FromForm] string? id, [FromForm] string? decision, [FromForm] string? reason)
    {
        var why = reason?.Trim() ?? "";
        if (await stored.Find(id ?? "", HttpContext.RequestAborted) is not { } report || !Visitor.Rights.Has(Right.Pictures, report.Person.Domain))
        {
            return await Again(StatusCodes.Status409Conflict, T["reports.decided"]);
        }

        AdminAct? act = decision switch
        {
            "clear" => new AdminAct.Clear(report.Person, why),
            "lock" => new AdminAct.Lock(report.Person, why, Clears: true),
            "block" => new AdminAct.Block(report.Person, why, report.Picture),
            _ => null,
        };
        if (act is null && decision != "keep")
        {
            return NotFound();
        }

        if (act is not null && why.Length == 0)
        {
            return await Again(StatusCodes.Status422UnprocessableEntity, T["admin.noreason"]);
        }

        // What was put in its place since is another picture: nobody has reported that.
        if (act is not null && !await StillShows(report))
        {
            return await Again(StatusCodes.Status409Conflict, T["reports.gone"]);
        }

        if (act is not null && !await administrators.May(Visitor.Rights, act, HttpContext.RequestAborted))
        {
            return NotFound();
        }

        if (!await stored.Decide(report.Id, decision!, Visitor.Account.Value, time.GetUtcNow(), CancellationToken.None))
        {
            return await Again(StatusCodes.Status409Conflict, T["reports.decided"]);
        }

        try
        {
            if (act is not null)
            {
                await administrators.Do(act, Visitor);
            }

            return SeeOther("/admin/reports?done=yes");
        }
        catch (ActRefusedException refused)
        {
            return await Again(StatusCodes.Status409Conflict, refused.Message);
        }
    }

    // As the portrait, or at one of the addresses.
    private async Task<bool> StillShows(PictureReport report) =>
        (await book.Find(report.Person, HttpContext.RequestAborted)).Source?.Id == report.Picture
        || (await album.Find(report.Person, HttpContext.RequestAborted)).Choices.Values.Any(choice => choice.Source == report.Picture);

    private async Task<IActionResult> Again(int status, string problem)
    {
        await OnGet(done: null);
        return Refuse(status, problem);
    }
}
