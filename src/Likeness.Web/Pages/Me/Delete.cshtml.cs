using Likeness.Accounts;
using Likeness.Web.Passkeys;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Likeness.Web.Pages;

/// <summary><c>/me/delete</c>: the account goes with everything of it, after its owner showed again who it is.</summary>
internal sealed class DeleteModel(AccountBook accounts, PasskeyBook passkeys, TimeProvider time, IChatsBeside? beside = null) : ConfirmedPage(accounts, passkeys, time)
{
    public Identity Account => Visitor.Account;

    /// <summary>The chats of the person are on a chat server beside this one, and stay.</summary>
    public bool HasChatsBeside => beside?.Serves(Account.Domain) is true;

    /// <summary>In chats the person takes the picture away, because this server may not.</summary>
    public bool IsOnlyWeb => HasChatsBeside && !beside!.Writes(Account.Domain);

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
