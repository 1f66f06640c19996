using System.Globalization;
using Likeness.Imaging.Faces;
using Likeness.Libravatar;
using Likeness.Web.Portraits;
using Microsoft.AspNetCore.Mvc;

namespace Likeness.Web.Pages;

/// <summary><c>/me/faces</c>: the faces that are drawn for the person, to choose one as the picture.</summary>
internal sealed class FacesModel(OwnPortrait own, IPortraitPainter painter) : SetsPicture(own)
{
    /// <summary>As many other faces of each kind there are beside the first.</summary>
    public const int MaxAgain = 999;

    // As users see them: more do not fit into a small circle.
    private const int MaxLetters = 2;

    private const int DrawnSize = 224;
    private const int PictureSize = 1024;

    private static readonly string[] NoPortrait = ["blank"];

    public static IReadOnlyList<string> Kinds { get; } = [.. FaceCatalogue.All.Select(face => face.Name).Except(NoPortrait)];

    /// <summary>How often other faces were asked for.</summary>
    public int Again { get; private set; }

    public string Letters { get; private set; } = "";

    public string Kind { get; private set; } = Kinds[0];

    public string Next => Path($"?again={(Again + 1) % (MaxAgain + 1)}");

    public void OnGet(int again, string? letters) => Read(again, letters);

    /// <summary>One face, drawn as it would be the picture.</summary>
    public async Task<IActionResult> OnGetDrawn(string kind, int again, string? letters)
    {
        Read(again, letters);
        if (!Kinds.Contains(kind) || await painter.Paint(Face(kind), DrawnSize, HttpContext.RequestAborted) is not { } picture)
        {
            return NotFound();
        }

        return OwnPicture(picture);
    }

    public async Task<IActionResult> OnPost(string? kind, int again, string? letters)
    {
        Read(again, letters);
        if (kind is null || !Kinds.Contains(kind))
        {
            return Refuse(Microsoft.AspNetCore.Http.StatusCodes.Status422UnprocessableEntity, T["faces.none"]);
        }

        Kind = kind;
        return await Set(async () =>
        {
            var picture = await painter.Paint(Face(kind), PictureSize, HttpContext.RequestAborted);
            await Own.Set(Visitor.Account, picture!.Bytes);
        });
    }

    public string Drawn(string kind) => Path($"?handler=Drawn&kind={kind}&again={Again}");

    private string Path(string query) => string.Create(CultureInfo.InvariantCulture, $"{Request.PathBase}/me/faces{query}&letters={Uri.EscapeDataString(Letters)}");

    private void Read(int again, string? letters)
    {
        Again = Math.Clamp(again, 0, MaxAgain);
        Letters = FaceSubject.LettersOf(letters ?? FaceSubject.InitialsOf(Visitor.Account.Value.Split('@')[0].Replace('.', ' ').Replace('_', ' ')), MaxLetters) ?? "";
    }

    // The first are those that sites draw for who shows no picture.
    private GeneratedFace Face(string kind)
    {
        var account = Visitor.Account.Value;
        return new GeneratedFace(
            kind,
            AddressHash.Sha256(Again == 0 ? account : string.Create(CultureInfo.InvariantCulture, $"{account} {Again}")),
            Letters,
            Again == 0 ? account : null);
    }
}
