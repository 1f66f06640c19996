using Likeness.Stores;
using Likeness.Web.Portraits;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Likeness.Web.Pages;

/// <summary><c>/me/import</c>: a picture that the person shows elsewhere, where the operator lets other servers be asked.</summary>
internal sealed class ImportModel(OwnPortrait own, Imports imports, AddressBook addresses) : SetsPicture(own)
{
    public IReadOnlyList<string> Addresses { get; private set; } = [];

    public IReadOnlyList<ProviderIdentity> Offered { get; private set; } = [];

    public IReadOnlyList<string> Sources => imports.Sources;

    public async Task<IActionResult> OnGet()
    {
        if (Sources.Count == 0)
        {
            return NotFound();
        }

        Offered = await imports.Offered(Visitor.Account, HttpContext.RequestAborted);
        Addresses = await addresses.Of(Visitor.Account, HttpContext.RequestAborted);
        return Page();
    }

    public Task<IActionResult> OnPost(string? source, string? address) => Done(() => imports.Take(Visitor.Account, source ?? "", address ?? "", HttpContext.RequestAborted), address);

    /// <summary>The picture that a site says is the person's.</summary>
    public Task<IActionResult> OnPostProvider(string? issuer, string? subject, string? picture) =>
        Done(() => imports.Take(Visitor.Account, issuer ?? "", subject ?? "", picture, HttpContext.RequestAborted), issuer);

    private Task<IActionResult> Done(Func<Task<Imported>> take, string? from) => Guarded(
        async () => await take() switch
        {
            Imported.Shown => SeeOther("/me/picture?done=set"),
            Imported.Kept => SeeOther("/me/pictures?done=kept"),
            Imported.NotOwn => NotFound(),
            Imported.TooOften => await Refused(StatusCodes.Status429TooManyRequests, T["import.often"]),
            Imported.None => await Refused(StatusCodes.Status422UnprocessableEntity, T["import.none", from]),
            Imported.Full => await Refused(StatusCodes.Status422UnprocessableEntity, T["pictures.toomany", IAlbumStore.MaxKept]),
            _ => await Refused(StatusCodes.Status502BadGateway, T["import.failed"]),
        });

    protected override async Task<IActionResult> Refused(int status, string problem)
    {
        await OnGet();
        return Refuse(status, problem);
    }
}
