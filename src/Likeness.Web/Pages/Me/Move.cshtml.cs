using Likeness.Imaging;
using Likeness.Libravatar.Exchange;
using Likeness.Web.Exchange;
using Likeness.Web.Visits;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Likeness.Web.Pages;

/// <summary><c>/me/move</c>: what a person brings along from another Libravatar server, into the own account.</summary>
[Fresh]
[TakesFile]
internal sealed class MoveModel(PersonImport imports, DomainPolicies policies) : SitePage
{
    /// <summary>What was taken just now; null: nothing.</summary>
    public TakenExport? Taken { get; private set; }

    public IActionResult OnGet(int? photos, int? asked, int? later, int? left)
    {
        Taken = photos is null ? null : new TakenExport(photos.Value, asked ?? 0, later ?? 0, left ?? 0);
        return imports.IsOn ? Page() : NotFound();
    }

    public async Task<IActionResult> OnPost(IFormFile? export)
    {
        if (!imports.IsOn)
        {
            return NotFound();
        }

        if (export is not { Length: > 0 })
        {
            return Refuse(StatusCodes.Status422UnprocessableEntity, T["move.none"]);
        }

        try
        {
            await using var file = export.OpenReadStream();
            var taken = await imports.Take(Visitor.Account, file, T, policies.ForHost(Request.Host.Host).Domain, Visitor, HttpContext.RequestAborted);
            return SeeOther(FormattableString.Invariant($"/me/move?photos={taken.Photos}&asked={taken.Asked}&later={taken.Later}&left={taken.Left}"));
        }
        catch (ExportRefusedException)
        {
            return Refuse(StatusCodes.Status422UnprocessableEntity, T["move.none"]);
        }
        catch (PortraitLockedException)
        {
            return Refuse(StatusCodes.Status423Locked, T["me.locked"]);
        }
        catch (RenderUnavailableException)
        {
            Response.Headers.RetryAfter = "5";
            return Refuse(StatusCodes.Status503ServiceUnavailable, T["picture.busy"]);
        }
    }
}
