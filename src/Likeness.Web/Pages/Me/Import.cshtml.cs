using Likeness.Stores;
using Likeness.Web.Portraits;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Likeness.Web.Pages;

/// <summary><c>/me/import</c>: a picture that the person shows elsewhere, where the operator lets other servers be asked.</summary>
internal sealed class ImportModel(OwnPortrait own, Imports imports, AddressBook addresses) : SetsPicture(own)
{
    public IReadOnlyList<string> Addresses { get; private set; } = [];

    public IReadOnlyList<string> Sources => imports.Sources;

    public async Task<IActionResult> OnGet()
    {
        if (Sources.Count == 0)
        {
            return NotFound();
        }

        Addresses = await addresses.Of(Visitor.Account, HttpContext.RequestAborted);
        return Page();
    }

    public async Task<IActionResult> OnPost(string? source, string? address)
    {
        var outcome = Imported.NotOwn;
        var done = await Set(async () => outcome = await imports.Take(Visitor.Account, source ?? "", address ?? "", HttpContext.RequestAborted), "/me/pictures?done=kept");
        return outcome switch
        {
            // What stands against the picture itself is said already.
            _ when Problem is not null => done,
            Imported.Kept => done,
            Imported.NotOwn => NotFound(),
            Imported.TooOften => await Refused(StatusCodes.Status429TooManyRequests, T["import.often"]),
            Imported.None => await Refused(StatusCodes.Status422UnprocessableEntity, T["import.none", address]),
            Imported.Full => await Refused(StatusCodes.Status422UnprocessableEntity, T["pictures.toomany", IAlbumStore.MaxKept]),
            _ => await Refused(StatusCodes.Status502BadGateway, T["import.failed"]),
        };
    }

    protected override async Task<IActionResult> Refused(int status, string problem)
    {
        Response.Headers.Remove("Location");
        await OnGet();
        return Refuse(status, problem);
    }
}
