using Likeness.Accounts;
using Likeness.Web.Language;
using Likeness.Web.Passkeys;
using Likeness.Xmpp.Sasl;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Likeness.Web.Pages;

/// <summary>
/// A page of what cannot be taken back: whoever showed a password or passkey within ten minutes is believed, others show it here or sign in again.
/// Whoever has no password at all is believed by any sign-in of the last ten minutes.
/// </summary>
internal abstract class ConfirmedPage(AccountBook accounts, PasskeyBook passkeys, TimeProvider time) : SitePage
{
    private bool _hasPassword;

    protected AccountBook Accounts => accounts;

    protected TimeProvider Time => time;

    /// <summary>The person has to show once more that it is them.</summary>
    public bool IsAsked => !(Visitor.IsFresh(time) || (!_hasPassword && Visitor.IsRecent(time)));

    /// <summary>What a form asks for first.</summary>
    /// <param name="id">Of the field.</param>
    public Confirmation Asked(string id = "password") => new(
        T,
        id,
        IsAsked && _hasPassword,
        IsAsked && (!_hasPassword || passkeys.IsOffered) ? $"~/sign-in?return={Uri.EscapeDataString(Request.Path)}&again=yes" : null,
        Problem is null ? null : "problem");

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        _hasPassword = await accounts.FindKeys(Visitor.Account, HttpContext.RequestAborted) is { Hashes: not ScramHashes.None };
        await base.OnPageHandlerExecutionAsync(context, next);
    }

    /// <summary>Null: it is them. A password that is typed is looked at although none is asked for.</summary>
    /// <param name="wrong">What is said of a wrong one.</param>
    protected async Task<IActionResult?> NotConfirmed(string? password, string wrong = "password.wrong")
    {
        if (string.IsNullOrEmpty(password))
        {
            return IsAsked ? Refuse(StatusCodes.Status422UnprocessableEntity, T[_hasPassword ? "confirm.password" : "confirm.otherwise"]) : null;
        }

        try
        {
            return await accounts.Verify(Visitor.Account, password, Visitor.Client, HttpContext.RequestAborted) ? null : Refuse(StatusCodes.Status422UnprocessableEntity, T[wrong]);
        }
        catch (AccountRefusedException refused)
        {
            return Refuse(refused);
        }
    }
}

/// <summary>What a form asks for before it does something.</summary>
/// <param name="Otherwise">Where one signs in again; null: that is not offered.</param>
/// <param name="Describes">The id of what says what was wrong.</param>
internal sealed record Confirmation(Words T, string Id, bool WantsPassword, string? Otherwise, string? Describes);
