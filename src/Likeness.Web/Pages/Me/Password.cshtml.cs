using Likeness.Accounts;
using Likeness.Xmpp.Sasl;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Likeness.Web.Pages;

/// <summary><c>/me/password</c>: another one, for chats and pages; all sessions but this end.</summary>
internal sealed class PasswordModel(AccountBook accounts, Entrance entrance, PageOptions options) : SitePage
{
    public Identity Account => Visitor.Account;

    public int MinPassword => options.MinPasswordCharacters;

    // Without one it is that of a chat server beside this one, and changed there.
    public async Task<IActionResult> OnGet() => await accounts.FindKeys(Account, HttpContext.RequestAborted) is { Hashes: ScramHashes.None } ? NotFound() : Page();

    public async Task<IActionResult> OnPost([FromForm] string? password, [FromForm(Name = "new")] string? chosen)
    {
        var (person, means) = (Account, Visitor.Session!.Means);
        try
        {
            if (!await accounts.Verify(person, password ?? "", Visitor.Client, HttpContext.RequestAborted))
            {
                return Refuse(StatusCodes.Status422UnprocessableEntity, T["password.wrong"]);
            }

            await accounts.ChangePassword(person, chosen ?? "", chosen: true, cancellationToken: CancellationToken.None);
            return SeeOther(await entrance.Enter(HttpContext, person, means, "/me?done=password") ?? "/sign-in");
        }
        catch (AccountRefusedException refused)
        {
            return Refuse(refused);
        }
    }
}
