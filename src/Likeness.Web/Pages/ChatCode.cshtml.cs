using System.Security.Cryptography;
using Likeness.Accounts;
using Likeness.Stores;
using Likeness.Web.Mails;
using Likeness.Web.Visits;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Likeness.Web.Pages;

/// <summary><c>/sign-in/chat</c>: a code that is sent to the chat account, on a chat server beside this one, lets in without the password. Whatever name is typed is answered alike.</summary>
[Open]
internal sealed class ChatCodeModel(MailBook mails, WebSessions sessions, Entrance entrance, DomainPolicies policies, IChatsBeside? beside = null) : SitePage
{
    /// <summary>Characters of a code: whoever reads the hash of one in the database has not found it before it is over.</summary>
    public const int CodeLength = 10;

    private const string Letters = "abcdefghjkmnpqrstuvwxyz23456789";

    /// <summary>What was asked for, and where its code belongs; null: nothing.</summary>
    public string? Id { get; private set; }

    public string Domain => policies.ForHost(Request.Host.Host).Domain;

    private bool IsOn => beside?.Serves(Domain) is true;

    public IActionResult OnGet(string? id)
    {
        // It is looked up by nobody: the page of one that is none looks the same.
        Id = id is { Length: > 0 and <= 64 } ? id : null;
        return IsOn ? Page() : NotFound();
    }

    public async Task<IActionResult> OnPost([FromForm] string? name)
    {
        if (!IsOn)
        {
            return NotFound();
        }

        if (mails.Take(Visitor.Client) is { Ticks: > 0 } wait)
        {
            return Refuse(wait);
        }

        if (!beside!.Reaches(Domain))
        {
            return Refuse(new AccountRefusedException(AccountRefusal.Away, "The chat server cannot be asked at the moment."));
        }

        // One row in the database, whoever it is, counted as a mail to that address is; that it may be one too many is told to nobody.
        var account = await sessions.AccountOf(name ?? "", Domain, HttpContext.RequestAborted);
        var code = RandomNumberGenerator.GetString(Letters, CodeLength);
        var asked = beside.Serves(account.Domain)
            ? mails.New(MailKind.SignIn, account, account.Value, T, Domain, Visitor, MailBook.CodeLifetime) with { Due = null, Code = MailTokens.HashOf(code) }
            : mails.New(MailKind.None, account: null, "", T, Domain, Visitor, MailBook.CodeLifetime);
        if (await mails.Add([asked], CancellationToken.None) is null)
        {
            await beside.Tell(account, T["chatcode.text", $"{code[..(CodeLength / 2)]}-{code[(CodeLength / 2)..]}", Domain, Visitor.Network], CancellationToken.None);
        }

        return SeeOther($"/sign-in/chat?id={asked.Id}");
    }

    public async Task<IActionResult> OnPostCode([FromForm] string? id, [FromForm] string? code)
    {
        if (!IsOn)
        {
            return NotFound();
        }

        Id = id ?? "";
        try
        {
            return await mails.FindCode(Id, HttpContext.RequestAborted) is { Account: { } account } asked
                && MailBook.IsBrowser(asked, Visitor)
                && await mails.IsCode(asked, (code ?? "").ToLowerInvariant().Replace("-", "", StringComparison.Ordinal), HttpContext.RequestAborted)
                && await mails.Use(asked, CancellationToken.None)
                && await sessions.ProvenInChat(account, CancellationToken.None) is { } proven
                && await entrance.Begin(HttpContext, proven, SignInMeans.Chat, back: null) is { } next
                    ? SeeOther(next)
                    : Refuse(StatusCodes.Status422UnprocessableEntity, T["chatcode.wrong"]);
        }
        catch (AccountRefusedException refused)
        {
            return Refuse(refused);
        }
    }
}
