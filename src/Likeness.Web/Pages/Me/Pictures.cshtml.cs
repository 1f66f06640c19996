using System.Globalization;
using Likeness.Stores;
using Likeness.Web.Portraits;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Likeness.Web.Pages;

/// <summary><c>/me/pictures</c>: the portrait, what is kept beside it, and what was shown before.</summary>
internal sealed class PicturesModel(OwnPortrait own, PictureAlbum album, AddressBook addresses, Imports imports, IPortraitPainter painter) : SetsPicture(own)
{
    private const int Size = 192;

    // As large as animations are kept.
    private const int StillSize = 512;

    private Album _pictures = new([], KeepsEarlier: true, new Dictionary<string, AddressChoice>());

    public bool KeepsEarlier => _pictures.KeepsEarlier;

    /// <summary>The text that says what was done just now; null: nothing.</summary>
    public string? Done { get; private set; }

    public IEnumerable<(string Heading, IReadOnlyList<AlbumPicture> Pictures)> Groups =>
    [
        ("pictures.shown", [.. _pictures.Pictures.Where(picture => picture.Ended is null)]),
        ("pictures.kept", [.. _pictures.Kept.Where(picture => picture.Ended is not null)]),
        ("pictures.earlier", [.. _pictures.Pictures.Where(picture => picture is { Ended: not null, Name: null })]),
    ];

    public bool Imports => imports.Sources.Count > 0;

    public IReadOnlyList<AlbumPicture> Kept => [.. _pictures.Kept];

    /// <summary>The addresses, and what those show that do not show the portrait.</summary>
    public IReadOnlyList<(string Address, AddressChoice? Choice)> Addresses { get; private set; } = [];

    public async Task OnGet(string? done)
    {
        _pictures = await album.Find(Visitor.Account, HttpContext.RequestAborted);
        Addresses = [.. (await addresses.Of(Visitor.Account, HttpContext.RequestAborted)).Select(address => (address, _pictures.Choices.TryGetValue(address, out var choice) ? choice : (AddressChoice?)null))];
        Done = done switch
        {
            "shown" => "pictures.done.shown",
            "kept" => "pictures.done.kept",
            "chosen" => "pictures.done.described",
            "described" => "pictures.done.described",
            "removed" => "pictures.done.removed",
            _ => null,
        };
    }

    /// <summary>One of the own pictures, small.</summary>
    /// <param name="still">Of what moves, the first frame.</param>
    public async Task<IActionResult> OnGetImage(string? of, string? still)
    {
        return await Find(of) is { } picture
            && await painter.Paint(AsPortrait(picture), Size, still is not null, HttpContext.RequestAborted) is { } drawn
            ? OwnPicture(drawn)
            : NotFound();
    }

    /// <summary>What one of the own pictures was cut from.</summary>
    public async Task<IActionResult> OnGetOriginal(string? of) =>
        await Find(of) is { } picture && await album.Read(picture.Whole, HttpContext.RequestAborted) is { } original ? OwnPicture(original) : NotFound();

    public Task<IActionResult> OnPostShow(string? of) => Set(
        async () =>
        {
            if (!PictureId.TryParse(of, out var id) || await album.Show(Visitor.Account, id, OwnPortrait.By(Visitor.Account)) is null)
            {
                throw new PictureGoneException();
            }
        },
        "/me/pictures?done=shown");

    /// <summary>Shows the first frame of one of the own pictures; the one that moves is among the earlier ones.</summary>
    public Task<IActionResult> OnPostStill(string? of) => Set(
        async () =>
        {
            if (await Find(of) is not { Source.MayMove: true } picture || await painter.Paint(AsPortrait(picture), StillSize, isStill: true, HttpContext.RequestAborted) is not { } still)
            {
                throw new PictureGoneException();
            }

            await Own.Set(Visitor.Account, still.Bytes);
        },
        "/me/pictures?done=shown");

    public Task<IActionResult> OnPostDescribe(string? of, string? name, string? alt) => Set(
        async () =>
        {
            var picture = await Find(of) ?? throw new PictureGoneException();
            if (!await album.Describe(Visitor.Account, picture.Source.Id, name, alt))
            {
                throw new AlbumFullException();
            }
        },
        "/me/pictures?done=described");

    /// <param name="of">Empty: the portrait; <c>none</c>: nothing.</param>
    public Task<IActionResult> OnPostChoose(string? address, string? of) => Set(
        async () =>
        {
            AddressChoice? choice = of == "none" ? new AddressChoice(null) : PictureId.TryParse(of, out var id) ? new AddressChoice(id) : null;
            if ((choice is null && !string.IsNullOrEmpty(of)) || !await album.Choose(Visitor.Account, address ?? "", choice))
            {
                throw new PictureGoneException();
            }
        },
        "/me/pictures?done=chosen");

    public async Task<IActionResult> OnPostRemove(string? of) =>
        PictureId.TryParse(of, out var id) && await album.Remove(Visitor.Account, id)
            ? SeeOther("/me/pictures?done=removed")
            : await Refused(StatusCodes.Status422UnprocessableEntity, T["pictures.gone"]);

    public async Task<IActionResult> OnPostEarlier(string? keeps)
    {
        await album.SetKeepsEarlier(Visitor.Account, keeps == "yes");
        return SeeOther("/me/pictures");
    }

    public string Image(AlbumPicture picture) => string.Create(CultureInfo.InvariantCulture, $"{Request.PathBase}/me/pictures?handler=Image&of={picture.Source.Id.Hex}");

    protected override async Task<IActionResult> Refused(int status, string problem)
    {
        await OnGet(null);
        return Refuse(status, problem);
    }

    private Portrait AsPortrait(AlbumPicture picture) => new() { Identity = Visitor.Account, Picture = picture.Picture, Master = picture.Master };

    private async Task<AlbumPicture?> Find(string? of) =>
        PictureId.TryParse(of, out var id) ? (await album.Find(Visitor.Account, HttpContext.RequestAborted)).Of(id) : null;
}
