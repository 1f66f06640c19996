using Likeness.Accounts;
using Likeness.Stores;
using Likeness.Web.Mails;
using Likeness.Web.Visits;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Likeness.Web.Pages;

/// <summary><c>/admin/mail</c>: whether mail goes out, what waits and why, and a mail to see it.</summary>
[Needs(Right.Server)]
internal sealed class MailModel(MailBook mails, MailDelivery delivery, IMailStore stored, DomainPolicies policies) : SitePage
{
    private const int Lines = 50;

    public bool IsOn => mails.IsOn;

    /// <summary>Null: mail can be sent.</summary>
    public string? Fault { get; private set; }

    public IReadOnlyList<Mail> Queue { get; private set; } = [];

    public bool IsDone { get; private set; }

    public async Task OnGet(string? done)
    {
        IsDone = done is not null;
        Fault = await delivery.Check(HttpContext.RequestAborted);
        Queue = await stored.Troubled(Lines, HttpContext.RequestAborted);
    }

    public async Task<IActionResult> OnPost([FromForm] string? address)
    {
        var to = address?.Trim().ToLowerInvariant() ?? "";
        if (!IsOn || !MailOptions.IsMailbox(to))
        {
            await OnGet(done: null);
            return Refuse(StatusCodes.Status422UnprocessableEntity, T["front.noaddress"]);
        }

        var mail = mails.New(MailKind.Test, Visitor.Account, to, T, policies.ForHost(Request.Host.Host).Domain, Visitor, MailBook.AddressLifetime);
        if (await mails.Add([mail], CancellationToken.None) is { } refusal)
        {
            await OnGet(done: null);
            return Refuse(refusal);
        }

        return SeeOther("/admin/mail?done=yes");
    }
}
