using Likeness.Web.Portraits;
using Microsoft.AspNetCore.Mvc;

namespace Likeness.Web.Pages;

/// <summary><c>/me/picture/128</c>: the own picture, whoever else may see it.</summary>
internal sealed class RenditionModel(PortraitBook book, IPortraitPainter painter, OwnPortrait own) : SetsPicture(own)
{
    /// <param name="still">Of what moves, the first frame.</param>
    public async Task<IActionResult> OnGet(int size, string? still)
    {
        if (await painter.Paint(await book.Find(Visitor.Account, HttpContext.RequestAborted), size, still is not null, HttpContext.RequestAborted) is not { } picture)
        {
            return NotFound();
        }

        return OwnPicture(picture);
    }
}
