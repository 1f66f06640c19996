using Likeness.Accounts;
using Likeness.Stores;
using Likeness.Web.Mails;
using Likeness.Web.Visits;
using Microsoft.AspNetCore.Mvc;

namespace Likeness.Web.Pages;

/// <summary><c>/sign-in/mail</c>: a link to sign in without the password, or to choose another one. Whatever name is typed is answered alike.</summary>
[Open]
internal sealed class MailAskModel(MailBook mails, WebSessions sessions, AccountBook accounts, DomainPolicies policies) : SitePage
{
    public bool IsOn => mails.IsOn;

    public bool IsDone { get; private set; }

    public string Domain => policies.ForHost(Request.Host.Host).Domain;

    public IActionResult OnGet(string? done)
    {
        IsDone = done is not null;
        return IsOn ? Page() : NotFound();
    }

    public async Task<IActionResult> OnPost([FromForm] string? name, [FromForm] string? want)
    {
        if (!IsOn)
        {
            return NotFound();
        }

        if (mails.Take(Visitor.Client) is { Ticks: > 0 } wait)
        {
            return Refuse(wait);
        }

        // One row in the database, whoever it is; that it may be one too many is told to nobody.
        await mails.Add([await MailFor(name?.Trim() ?? "", want == "reset" ? MailKind.Reset : MailKind.SignIn)], CancellationToken.None);
        return SeeOther("/sign-in/mail?done=yes");
    }

    private async Task<Mail> MailFor(string name, MailKind kind)
    {
        var account = await sessions.AccountOf(name, Domain, HttpContext.RequestAborted);
        var boxes = await mails.MailboxesOf(account, HttpContext.RequestAborted);
        var typed = name.ToLowerInvariant();
        if (await accounts.FindKeys(account, HttpContext.RequestAborted) is { Disabled: null } && boxes.Count > 0)
        {
            return mails.New(kind, account, boxes.Contains(typed) ? typed : boxes[0], T, Domain, Visitor, MailBook.SignInLifetime);
        }

        // An address of ours that nobody confirmed may be anybody's.
        return MailOptions.IsMailbox(typed) && !policies.Serves(typed[(typed.LastIndexOf('@') + 1)..])
            ? mails.New(MailKind.Unknown, account: null, typed, T, Domain, Visitor, MailBook.SignInLifetime)
            : mails.New(MailKind.None, account: null, "", T, Domain, Visitor, TimeSpan.Zero);
    }
}
