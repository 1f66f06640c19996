using Likeness.Accounts;
using Likeness.Libravatar;
using Likeness.Stores;
using Likeness.Web.Mails;
using Likeness.Web.Providers;
using Likeness.Web.Visits;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Likeness.Web.Pages;

/// <summary><c>/sign-up</c>: an account without an invitation, where the operator opened that to everybody. Where mail goes out it is opened behind a link in one. Counted with the registrations of chats.</summary>
[Open]
internal sealed class SignUpModel(SignUps signUps, ProviderBook providers, MailBook mails, AddressBook addresses, DomainPolicies policies) : SitePage
{
    public string? Name { get; private set; }

    public string Domain => policies.ForHost(Request.Host.Host).Domain;

    public bool ByMail => mails.IsOn;

    public bool IsDone { get; private set; }

    public IEnumerable<string> Providers => providers.All.Select(provider => provider.Name);

    /// <summary>What the browser has to work on; null: nothing.</summary>
    public string? Work => ByMail ? null : signUps.WorkFor(Visitor);

    public NewAccount Form => signUps.Form(T, Name, Domain, Work, Problem);

    public IActionResult OnGet(string? done)
    {
        IsDone = done is not null;
        return signUps.IsOpen(Domain) ? Page() : NotFound();
    }

    public async Task<IActionResult> OnPost([FromForm] string? name, [FromForm] string? password, [FromForm] string? address, [FromForm] string? work)
    {
        if (!signUps.IsOpen(Domain))
        {
            return NotFound();
        }

        if (ByMail)
        {
            return await Ask(address?.Trim().ToLowerInvariant() ?? "");
        }

        Name = name?.Trim();
        if (!signUps.IsWorkDone(Visitor, Name, work))
        {
            return Refuse(StatusCodes.Status422UnprocessableEntity, T["signup.work"]);
        }

        try
        {
            return SeeOther(await signUps.Open(HttpContext, Name, Domain, password));
        }
        catch (AccountRefusedException refused)
        {
            return Refuse(refused);
        }
    }

    private async Task<IActionResult> Ask(string address)
    {
        Name = address;
        if (!MailOptions.IsMailbox(address))
        {
            return Refuse(StatusCodes.Status422UnprocessableEntity, T["front.noaddress"]);
        }

        if (mails.Take(Visitor.Client) is { Ticks: > 0 } wait)
        {
            return Refuse(wait);
        }

        // That it has an account is told to whoever reads the mail, and so is that it may have had too many.
        var owner = await addresses.Find(Address.Email(address), HttpContext.RequestAborted);
        var mail = mails.New(owner is null ? MailKind.SignUp : MailKind.Known, owner, address, T, Domain, Visitor, MailBook.SignUpLifetime);
        await mails.Add([mail], CancellationToken.None);
        return SeeOther("/sign-up?done=yes");
    }
}
