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

    public Task<IActionResult> OnPost(string? source, string? address) => Guarded(
        async () => await imports.Take(Visitor.Account, source ?? "", address ?? "", HttpContext.RequestAborted) switch
        {
            Imported.Kept => SeeOther("/me/pictures?done=kept"),
            Imported.NotOwn => NotFound(),
            Imported.TooOften => await Refused(StatusCodes.Status429TooManyRequests, T["import.often"]),
            Imported.None => await Refused(StatusCodes.Status422UnprocessableEntity, T["import.none", address]),
            Imported.Full => await Refused(StatusCodes.Status422UnprocessableEntity, T["pictures.toomany", IAlbumStore.MaxKept]),
            _ => await Refused(StatusCodes.Status502BadGateway, T["import.failed"]),
        });

    protected override async Task<IActionResult> Refused(int status, string problem)
    {
        await OnGet();
        return Refuse(status, problem);
    }
}
