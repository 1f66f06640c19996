using Likeness.Accounts;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Likeness.Web.Pages;

/// <summary><c>/me/delete</c>: the account goes with everything of it, after the password was shown again.</summary>
internal sealed class DeleteModel(AccountBook accounts) : SitePage
{
    public Identity Account => Visitor.Account;

    public void OnGet()
    {
    }

    public async Task<IActionResult> OnPost([FromForm] string? password)
    {
        try
        {
            if (!await accounts.Verify(Account, password ?? "", Visitor.Client, HttpContext.RequestAborted))
            {
                return Refuse(StatusCodes.Status422UnprocessableEntity, T["delete.wrong"]);
            }
        }
        catch (AccountRefusedException refused)
        {
            return Refuse(refused);
        }

        await accounts.Close(Account, CancellationToken.None);
        Visitor.SignOut();
        return SeeOther("/");
    }
}
