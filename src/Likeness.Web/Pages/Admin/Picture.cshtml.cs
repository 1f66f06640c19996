using Likeness.Accounts;
using Likeness.Web.Visits;
using Microsoft.AspNetCore.Mvc;

namespace Likeness.Web.Pages;

/// <summary><c>/admin/picture</c>: a person's picture for administrators, whoever else may see it.</summary>
[Needs(Right.Pictures)]
internal sealed class PersonPictureModel(PortraitBook book, PictureAlbum album, IPortraitPainter painter) : SitePage
{
    private const int Size = 512;
    private const int SmallSize = 192;

    /// <param name="of">Another of the person's pictures, which an address shows; null: the portrait.</param>
    /// <param name="still">Of what moves, the first frame.</param>
    /// <param name="small">For a list.</param>
    public async Task<IActionResult> OnGet(string? account, string? of, string? still, string? small)
    {
        var person = new Identity(account ?? "");
        if (!Visitor.Rights.Has(Right.Pictures, person.Domain))
        {
            return NotFound();
        }

        var portrait = await book.Find(person, HttpContext.RequestAborted);
        if (PictureId.TryParse(of, out var id) && id != portrait.Source?.Id)
        {
            var other = await album.Find(person, HttpContext.RequestAborted);
            if (other.Of(id) is not { } shown || other.Choices.Values.All(choice => choice.Source != id))
            {
                return NotFound();
            }

            portrait = portrait with { Picture = shown.Picture, Master = shown.Master };
        }

        if (await painter.Paint(portrait, small is null ? Size : SmallSize, still is not null, HttpContext.RequestAborted) is not { } picture)
        {
            return NotFound();
        }

        Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        return File(picture.Bytes.ToArray(), picture.Info.MediaType);
    }
}
