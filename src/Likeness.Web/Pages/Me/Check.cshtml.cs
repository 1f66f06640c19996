using Likeness.Imaging;
using Likeness.Web.Portraits;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Likeness.Web.Pages;

/// <summary><c>/me/check</c>: whether the picture is seen at this moment, place by place, as others would look.</summary>
internal sealed class CheckModel(OwnCheck check, PortraitBook book) : SitePage
{
    // Of a picture that is shown on the page itself.
    private const int MaxShown = 128 * 1024;

    /// <summary>Null: nothing was looked at yet.</summary>
    public IReadOnlyList<CheckedPlace>? Places { get; private set; }

    public bool IsAll { get; private set; }

    public bool LooksOutside => check.LooksOutside;

    /// <summary>Sites are to see nothing, as the person wants it.</summary>
    public bool IsHidden { get; private set; }

    public IActionResult OnGet() => check.IsOffered ? Page() : NotFound();

    public async Task<IActionResult> OnPost()
    {
        if (!check.IsOffered)
        {
            return NotFound();
        }

        var portrait = await book.Find(Visitor.Account, HttpContext.RequestAborted);
        IsHidden = portrait.IsShown && !book.VisibilityOf(portrait).ShowsTo(AvatarRelation.Stranger);
        var (found, isAll, wait) = await check.Look(Visitor.Account, HttpContext.RequestAborted);
        if (wait > TimeSpan.Zero)
        {
            return Refuse(wait);
        }

        IsAll = isAll;
        Places = [.. found.Select(finding => Judge(finding, portrait))];
        return Page();
    }

    // What is not seen where it is not to be seen is as it should be.
    private CheckedPlace Judge(PictureFinding finding, Portrait portrait)
    {
        var isWanted = finding.Place is "pep" or "vcard" or "presence" ? portrait.IsShown : portrait.Source is not null && !IsHidden;
        var mark = finding.Verdict switch
        {
            PictureVerdict.NotSeen => Mark.NotSeen,
            PictureVerdict.Wrong => Mark.Wrong,
            PictureVerdict.Shown when isWanted => Mark.Shown,
            PictureVerdict.Shown => Mark.StillShown,
            _ when isWanted => Mark.Missing,
            _ => Mark.RightlyNone,
        };
        return new CheckedPlace(finding.Place, finding.Subject, mark, Inline(finding.Picture), finding.Lines);
    }

    // Strangers' servers answer, too: what is shown is a picture of ours by its first bytes, and small.
    private static string? Inline(ReadOnlyMemory<byte> picture) =>
        picture.Length <= MaxShown && ImageGate.TryIdentify(picture.Span, out var header) ? $"data:{header.Format.MediaType()};base64,{Convert.ToBase64String(picture.Span)}" : null;
}

/// <summary>One place, and what is to be thought of it.</summary>
/// <param name="Picture">As a page shows it; null: there is none.</param>
/// <param name="Lines">What was found, in the words of the command.</param>
internal sealed record CheckedPlace(string Place, string Subject, Mark Mark, string? Picture, IReadOnlyList<string> Lines);

/// <summary>What is to be thought of what was seen.</summary>
internal enum Mark
{
    Shown,

    /// <summary>As it should be: there is nothing to see there.</summary>
    RightlyNone,

    NotSeen,
    Missing,

    /// <summary>Something is shown, and nothing should be.</summary>
    StillShown,

    Wrong,
}
