using Likeness.Accounts;
using Likeness.Web.Passkeys;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Likeness.Web.Pages;

/// <summary><c>/me/delete</c>: the account goes with everything of it, after its owner showed again who it is.</summary>
internal sealed class DeleteModel(AccountBook accounts, PasskeyBook passkeys, TimeProvider time) : ConfirmedPage(accounts, passkeys, time)
{
    public Identity Account => Visitor.Account;

    public void OnGet()
    {
    }

    public async Task<IActionResult> OnPost([FromForm] string? password, [FromForm] string? sure)
    {
        if (await NotConfirmed(password, "delete.wrong") is { } refused)
        {
            return refused;
        }

        if (sure != "yes")
        {
            return Refuse(StatusCodes.Status422UnprocessableEntity, T["delete.unsure"]);
        }

        await Accounts.Close(Account, CancellationToken.None);
        Visitor.SignOut();
        return SeeOther("/");
    }
}
