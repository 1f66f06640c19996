using System.Globalization;
using Likeness.Stores;
using Likeness.Web.Portraits;
using Likeness.Web.Visits;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Likeness.Web.Pages;

/// <summary><c>/me/picture</c>: another picture, and what it looks like in the places where it is seen.</summary>
[TakesFile]
internal sealed class PictureModel(OwnPortrait own, PictureAlbum album, Imports imports, PageOptions options) : SetsPicture(own)
{
    private const int MotionSize = 256;

    public static IReadOnlyList<string> Parts { get; } = [.. Enum.GetNames<PicturePart>().Select(name => name.ToLowerInvariant())];

    public long LargestFile => options.LargestFile;

    public bool IsDone { get; private set; }

    /// <summary>Pictures that other sites say are the person's.</summary>
    public IReadOnlyList<ProviderIdentity> Offered { get; private set; } = [];

    /// <summary>Where the app is that sent the person here; null: none did that the operator named.</summary>
    public Uri? Back { get; private set; }

    /// <summary>Which of the own pictures is cut anew; null: a file is chosen.</summary>
    public string? Of { get; private set; }

    /// <summary>Null: there is no picture.</summary>
    public Previews? Now { get; private set; }

    /// <summary>Where the picture that moves is, and its first frame; null: none moves.</summary>
    public (string Moving, string Still)? Moves { get; private set; }

    public async Task OnGet(string? done, string? of, [FromQuery(Name = "return")] string? back)
    {
        Back = options.ReturnTo(back);
        Offered = await imports.Offered(Visitor.Account, HttpContext.RequestAborted);
        Of = PictureId.TryParse(of, out var id) && (await album.Find(Visitor.Account, HttpContext.RequestAborted)).Of(id)?.Whole is not null ? id.Hex : null;
        var seen = await Own.Look(Visitor.Account, options.HasChats, HttpContext.RequestAborted);
        IsDone = done is not null && seen.Portrait.Source is not null;
        Now = seen.Portrait.Source is null
            ? null
            : new Previews(T, size => Place(size * 2), T["me.alt"], seen.Portrait.Source.MayMove ? size => Place(size * 2) + "&still=yes" : null);
        Moves = seen.Portrait.Source is { MayMove: true } ? (Place(MotionSize), Place(MotionSize) + "&still=yes") : null;

        string Place(int pixels) => string.Create(CultureInfo.InvariantCulture, $"{Request.PathBase}/me/picture/{pixels}?v={seen.Portrait.Version}");
    }

    /// <param name="how"><c>keep</c>: it is not shown.</param>
    public async Task<IActionResult> OnPost(IFormFile? picture, [FromForm] CropForm crop, string? of, string? how, string? name, [FromForm(Name = "return")] string? back)
    {
        Back = options.ReturnTo(back);
        var shown = "/me/picture?done=set" + (Back is null ? "" : $"&return={Uri.EscapeDataString(Back.AbsoluteUri)}");
        if (PictureId.TryParse(of, out var id))
        {
            return await Set(async () => _ = await album.Crop(Visitor.Account, id, crop.Read(), OwnPortrait.By(Visitor.Account)) ?? throw new PictureGoneException(), shown);
        }

        if (picture is not { Length: > 0 })
        {
            return await Refused(StatusCodes.Status422UnprocessableEntity, T["picture.nofile"]);
        }

        if (picture.Length > LargestFile)
        {
            return await Refused(StatusCodes.Status413PayloadTooLarge, Limits);
        }

        if (how == "keep")
        {
            return await Set(
                async () =>
                {
                    await using var file = picture.OpenReadStream();
                    if (!await Own.Keep(Visitor.Account, file, crop.Read(), name ?? "", HttpContext.RequestAborted))
                    {
                        throw new AlbumFullException();
                    }
                },
                "/me/pictures?done=kept");
        }

        return await Set(
            async () =>
            {
                await using var file = picture.OpenReadStream();
                await Own.Set(Visitor.Account, file, crop.Read(), HttpContext.RequestAborted);
            },
            shown);
    }

    protected override string Limits => T["picture.limits", LargestFile / (1024 * 1024)];

    protected override async Task<IActionResult> Refused(int status, string problem)
    {
        await OnGet(null, null, Back?.AbsoluteUri);
        return Refuse(status, problem);
    }
}

/// <summary>The fields that say which part of the picture is meant; without numbers it is the part.</summary>
internal sealed class CropForm
{
    public string? Part { get; set; }

    public float X { get; set; }

    public float Y { get; set; }

    /// <summary>Of the square; 0: no square is said.</summary>
    public float Size { get; set; }

    public float Angle { get; set; }

    public bool Mirror { get; set; }

    /// <summary><c>still</c>: of what moves, the first frame.</summary>
    public string? Motion { get; set; }

    public PictureCrop Read()
    {
        var part = Enum.TryParse<PicturePart>(Part, ignoreCase: true, out var named) && Enum.IsDefined(named) ? named : PicturePart.Centre;
        return new PictureCrop(part, Size > 0 ? new PictureSquare(X, Y, Size, Angle, Mirror) : null, Motion == "still");
    }
}
