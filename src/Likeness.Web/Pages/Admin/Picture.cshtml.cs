using Likeness.Web.Visits;
using Microsoft.AspNetCore.Mvc;

namespace Likeness.Web.Pages;

/// <summary><c>/admin/picture</c>: a person's picture for administrators, whoever else may see it.</summary>
[ForAdministrators]
internal sealed class PersonPictureModel(PortraitBook book, IPortraitPainter painter) : SitePage
{
    private const int Size = 512;

    public async Task<IActionResult> OnGet(string? account)
    {
        var portrait = await book.Find(new Identity(account ?? ""), HttpContext.RequestAborted);
        if (await painter.Paint(portrait, Size, HttpContext.RequestAborted) is not { } picture)
        {
            return NotFound();
        }

        Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        return File(picture.Bytes.ToArray(), picture.Info.MediaType);
    }
}
