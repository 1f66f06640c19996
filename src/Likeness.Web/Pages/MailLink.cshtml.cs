using Likeness.Accounts;
using Likeness.Libravatar;
using Likeness.Stores;
using Likeness.Web.Exchange;
using Likeness.Web.Mails;
using Likeness.Web.Portraits;
using Likeness.Web.Visits;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Likeness.Web.Pages;

/// <summary><c>/mail/…</c>: where the link of a mail leads. Looking at it does nothing, whatever program looks; what it is good for is done by a button.</summary>
[Open]
internal sealed class MailLinkModel(MailBook mails, OwnPortrait own, AccountBook accounts, AddressBook addresses, Entrance entrance, SignUps signUps, Notices notices, PersonImport imports, PageOptions options) : SitePage
{
    private static readonly string[] Ends = ["confirmed", "stopped", "changed"];

    /// <summary>Null: the link is not good, or not any more.</summary>
    public Mail? Mail { get; private set; }

    public MailContent About { get; private set; } = null!;

    /// <summary>What was done just now; null: nothing.</summary>
    public string? Done { get; private set; }

    /// <summary>It was asked for in another browser than this one.</summary>
    public bool WantsCode => Mail is { Kind: MailKind.SignIn } mail && !MailBook.IsBrowser(mail, Visitor);

    /// <summary>What was typed.</summary>
    public string? Name { get; private set; }

    /// <summary>What the browser has to work on; null: nothing.</summary>
    public string? Work => Mail is { Kind: MailKind.SignUp } ? signUps.WorkFor(Visitor) : null;

    public NewAccount Form => signUps.Form(T, Name, About.Domain, Work, Problem);

    public int MinPassword => options.MinPasswordCharacters;

    /// <summary>What the link says.</summary>
    public string Token => (string)RouteData.Values["token"]!;

    public string Kind => Mail!.Kind.ToString().ToLowerInvariant();

    public async Task OnGet(string token)
    {
        Done = Ends.FirstOrDefault(end => end == token);
        if (Done is null && !await Load(token))
        {
            Response.StatusCode = StatusCodes.Status404NotFound;
        }
    }

    public async Task<IActionResult> OnPostAddress(string token)
    {
        if (!await Load(token, MailKind.Address))
        {
            return Gone();
        }

        try
        {
            var account = Mail!.Account!.Value;
            var before = await notices.AddressesOf(account);
            await own.AddAddress(account, Address.Email(Mail.Address), mails.UseOf(Mail));
            await notices.Tell(account, "address", Mail.Address, before);
            await imports.Confirmed(account, Mail.Address);
            await imports.AskNext(account, T, About.Domain, Visitor);
        }
        catch (StoreConflictException)
        {
            return Refuse(StatusCodes.Status409Conflict, T["link.taken"]);
        }
        catch (LinkUsedException)
        {
            return Gone();
        }

        return SeeOther(Visitor.Session?.Account == Mail.Account ? "/me/addresses?done=confirmed" : "/mail/confirmed");
    }

    public async Task<IActionResult> OnPostSignIn(string token, [FromForm] string? code)
    {
        if (!await Load(token, MailKind.SignIn))
        {
            return Gone();
        }

        // Whoever reads the mail on its way has the link alone, or in no browser of the person's.
        if (WantsCode && !(code is { Length: > 0 } && await mails.IsCode(Mail!, code, HttpContext.RequestAborted)))
        {
            return Refuse(StatusCodes.Status422UnprocessableEntity, T["link.signin.wrong"]);
        }

        try
        {
            return await mails.Use(Mail!, CancellationToken.None)
                && await entrance.Begin(HttpContext, Mail!.Account!.Value, SignInMeans.Mail, back: null) is { } next
                    ? SeeOther(next)
                    : Gone();
        }
        catch (AccountRefusedException refused)
        {
            return Refuse(refused);
        }
    }

    public async Task<IActionResult> OnPostReset(string token, [FromForm(Name = "new")] string? chosen)
    {
        if (!await Load(token, MailKind.Reset))
        {
            return Gone();
        }

        try
        {
            await accounts.ChangePassword(Mail!.Account!.Value, chosen ?? "", chosen: true, [mails.UseOf(Mail)], CancellationToken.None);
            return SeeOther("/mail/changed");
        }
        catch (AccountRefusedException refused)
        {
            return Refuse(refused);
        }
        catch (LinkUsedException)
        {
            return Gone();
        }
    }

    public async Task<IActionResult> OnPostSignUp(string token, [FromForm] string? name, [FromForm] string? password, [FromForm] string? work)
    {
        if (!await Load(token, MailKind.SignUp) || !signUps.IsOpen(About.Domain))
        {
            return Gone();
        }

        Name = name?.Trim();
        if (!signUps.IsWorkDone(Visitor, Name, work))
        {
            return Refuse(StatusCodes.Status422UnprocessableEntity, T["signup.work"]);
        }

        var address = Address.Email(Mail!.Address);
        try
        {
            return SeeOther(await signUps.Open(
                HttpContext,
                name,
                About.Domain,
                password,
                alongside: async account => await addresses.Claim(account, address) is { } claim ? [mails.UseOf(Mail), claim] : [mails.UseOf(Mail)]));
        }
        catch (AccountRefusedException refused)
        {
            return Refuse(refused);
        }
        catch (LinkUsedException)
        {
            return Gone();
        }
    }

    public async Task<IActionResult> OnPostStop(string token)
    {
        if (!await Load(token))
        {
            return Gone();
        }

        await mails.Stop(Mail!.Address, CancellationToken.None);
        return SeeOther("/mail/stopped");
    }

    private async Task<bool> Load(string token, MailKind? kind = null)
    {
        // The address of the page opens something: it is told to nobody.
        Response.Headers["Referrer-Policy"] = "no-referrer";
        Mail = await mails.Find(token, HttpContext.RequestAborted);
        if (Mail is null || (kind is not null && Mail.Kind != kind))
        {
            Mail = null;
            return false;
        }

        About = MailContent.Read(Mail);
        return true;
    }

    private IActionResult Gone()
    {
        Mail = null;
        Response.StatusCode = StatusCodes.Status404NotFound;
        return Page();
    }
}
