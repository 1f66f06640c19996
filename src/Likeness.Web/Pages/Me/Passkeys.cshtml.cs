using Likeness.Stores;
using Likeness.Web.Passkeys;
using Likeness.Web.Visits;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace Likeness.Web.Pages;

/// <summary><c>/me/passkeys</c>: made, named and removed. A browser has to help, by script.</summary>
[Fresh]
internal sealed class PasskeysModel(PasskeyBook book) : SitePage
{
    public IReadOnlyList<Passkey> Passkeys { get; private set; } = [];

    public bool IsDone { get; private set; }

    public static int MaxName => PasskeyBook.MaxName;

    /// <summary>As forms say it.</summary>
    public static string IdOf(Passkey passkey) => WebEncoders.Base64UrlEncode(passkey.Id);

    public async Task<IActionResult> OnGet(string? done)
    {
        if (!book.IsOffered)
        {
            return NotFound();
        }

        IsDone = done is not null;
        Passkeys = await book.Of(Visitor.Account, HttpContext.RequestAborted);
        return Page();
    }

    public async Task<IActionResult> OnPostOptions() =>
        await book.BeginAdding(HttpContext) is { } options ? Content(options, "application/json") : StatusCode(StatusCodes.Status503ServiceUnavailable);

    public async Task<IActionResult> OnPostAdd([FromForm] string? credential, [FromForm] string? name)
    {
        if (await book.Add(HttpContext, credential, name))
        {
            return SeeOther("/me/passkeys?done=yes");
        }

        await OnGet(null);
        return Refuse(StatusCodes.Status422UnprocessableEntity, T["passkeys.wrong"]);
    }

    public async Task<IActionResult> OnPostRename([FromForm] string? id, [FromForm] string? name) =>
        await book.Rename(Visitor, id, name) ? SeeOther("/me/passkeys") : NotFound();

    public async Task<IActionResult> OnPostRemove([FromForm] string? id) =>
        await book.Remove(Visitor, id) ? SeeOther("/me/passkeys") : NotFound();
}
