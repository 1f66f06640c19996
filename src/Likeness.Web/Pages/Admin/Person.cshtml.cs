using System.Globalization;
using Likeness.Accounts;
using Likeness.Stores;
using Likeness.Web.Mails;
using Likeness.Web.Visits;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Likeness.Web.Pages;

/// <summary><c>/admin/person</c>: one person, and what administrators do for and about them.</summary>
[Needs(Right.Pictures)]
[TakesFile]
internal sealed class PersonModel(IStores stores, PortraitBook book, AddressBook addresses, ProfileBook profiles, Administrators administrators, SecondFactors factors, ResetLinks links, Notices notices, MailBook mails, PageOptions options) : SitePage
{
    private const int LogLines = 30;

    private bool _hasFactor;

    /// <summary>What the person tells of themselves; null: nothing.</summary>
    public Profile? Profile { get; private set; }

    /// <summary>To be handed over, made just now.</summary>
    public string? Link { get; private set; }

    public bool MaySetPicture { get; private set; }

    public bool MayReset { get; private set; }

    public long LargestFile => options.LargestFile;

    public Identity Person { get; private set; }

    public Portrait Portrait { get; private set; } = null!;

    public AccountRecord? Record { get; private set; }

    public IReadOnlyList<string> Addresses { get; private set; } = [];

    /// <summary>Addresses that the person asked for and has not confirmed; empty: none, or they are not the visitor's to confirm.</summary>
    public IReadOnlyList<string> Waiting { get; private set; } = [];

    public IReadOnlyList<AuditEntry> Log { get; private set; } = [];

    public bool IsDone { get; private set; }

    public string Visibility => book.VisibilityOf(Portrait).ToString().ToLowerInvariant();

    public string Picture => string.Create(CultureInfo.InvariantCulture, $"{Request.PathBase}/admin/picture?account={Uri.EscapeDataString(Person.Value)}&v={Portrait.Version}");

    public string State => string.Join(", ", States());

    /// <summary>What can be done now, and the visitor may do.</summary>
    public IReadOnlyList<string> Acts { get; private set; } = [];

    private IEnumerable<string> Possible
    {
        get
        {
            if (Portrait.IsShown)
            {
                yield return "clear";
                yield return "block";
            }

            if (Profile is not null)
            {
                yield return "profile";
            }

            yield return Portrait.Lock is null ? "lock" : "unlock";
            if (Record is not null)
            {
                yield return "end";
                if (_hasFactor)
                {
                    yield return "nofactor";
                }

                if (Person != Visitor.Account)
                {
                    yield return Record.Disabled is null ? "disable" : "enable";
                    yield return "remove";
                }
            }
        }
    }

    public async Task<IActionResult> OnGet(string? account, string? done)
    {
        IsDone = done is not null;
        return await Load(account) ? Page() : NotFound();
    }

    public async Task<IActionResult> OnPost(string? account, [FromForm] string? act, [FromForm] string? reason)
    {
        if (!await Load(account) || (act != "reset" && !Possible.Contains(act)))
        {
            return NotFound();
        }

        if (act == "reset")
        {
            return await Reset();
        }

        var why = reason?.Trim() ?? "";
        if (act is "clear" or "block" or "lock" or "disable" or "profile" && why.Length == 0)
        {
            return Refuse(StatusCodes.Status422UnprocessableEntity, T["admin.noreason"]);
        }

        try
        {
            await administrators.Do(ActOf(act!, why), Visitor);
            return SeeOther(act == "remove" ? "/admin?done=removed" : Done(act!));
        }
        catch (ActRefusedException refused)
        {
            await Load(account);
            return Refuse(StatusCodes.Status409Conflict, refused.Message);
        }
    }

    /// <summary>Confirms an address by hand.</summary>
    public async Task<IActionResult> OnPostConfirm(string? account, [FromForm] string? address)
    {
        // Nothing waits of whom is not there.
        await Load(account);
        if (Waiting.FirstOrDefault(waiting => waiting == address) is not { } asked)
        {
            return NotFound();
        }

        try
        {
            await administrators.Do(new AdminAct.ConfirmAddress(Person, asked), Visitor);
            await mails.Drop(Person, MailKind.Address, asked, CancellationToken.None);
            return SeeOther(Done("confirm"));
        }
        catch (ActRefusedException refused)
        {
            return Refuse(StatusCodes.Status409Conflict, refused.Message);
        }
    }

    /// <summary>Gives the person a picture who cannot do it.</summary>
    public async Task<IActionResult> OnPostPicture(string? account, IFormFile? picture)
    {
        if (!await Load(account))
        {
            return NotFound();
        }

        if (picture is not { Length: > 0 })
        {
            return Refuse(StatusCodes.Status422UnprocessableEntity, T["picture.nofile"]);
        }

        try
        {
            var bytes = new byte[picture.Length];
            await using var file = picture.OpenReadStream();
            await file.ReadExactlyAsync(bytes, HttpContext.RequestAborted);
            await administrators.Do(new AdminAct.SetPicture(Person, bytes), Visitor);
            return SeeOther(Done("picture"));
        }
        catch (ActRefusedException refused)
        {
            return Refuse(StatusCodes.Status422UnprocessableEntity, refused.Message);
        }
    }

    // Somebody of whom nothing is known has no page: whatever is written behind "account" is looked up and nothing else.
    private async Task<bool> Load(string? account)
    {
        if (!Libravatar.Address.TryParse(account, out var address))
        {
            return false;
        }

        Person = await addresses.OwnerOf(address, HttpContext.RequestAborted);
        if (!Visitor.Rights.Has(Right.Pictures, Person.Domain))
        {
            return false;
        }

        Portrait = await book.Find(Person, HttpContext.RequestAborted);
        Record = await stores.Accounts.Find(Person, HttpContext.RequestAborted);
        Profile = await profiles.Find(Person, HttpContext.RequestAborted);
        Addresses = await addresses.Of(Person, HttpContext.RequestAborted);
        Log = await stores.Audit.Read([Person.Value], since: null, LogLines, HttpContext.RequestAborted);
        MaySetPicture = await administrators.May(Visitor.Rights, new AdminAct.SetPicture(Person, default), HttpContext.RequestAborted);
        MayReset = Record is not null && await administrators.MayReach(Visitor.Rights, Person, HttpContext.RequestAborted);
        Waiting = await administrators.May(Visitor.Rights, new AdminAct.ConfirmAddress(Person, ""), HttpContext.RequestAborted)
            ? [.. (await mails.Of(Person, MailKind.Address, HttpContext.RequestAborted)).Select(mail => mail.Address).Distinct(StringComparer.Ordinal).Except(Addresses)]
            : [];
        _hasFactor = await factors.Find(Person, HttpContext.RequestAborted) is not null;
        var acts = new List<string>();
        foreach (var act in Possible)
        {
            if (await administrators.May(Visitor.Rights, ActOf(act, ""), HttpContext.RequestAborted))
            {
                acts.Add(act);
            }
        }

        Acts = acts;
        return Record is not null || Addresses.Count > 0 || Portrait.Version > 0;
    }

    private async Task<IActionResult> Reset()
    {
        if (!MayReset)
        {
            return NotFound();
        }

        if (await links.Make(Person, Visitor.Account) is not { } token)
        {
            return StatusCode(StatusCodes.Status503ServiceUnavailable);
        }

        await notices.Tell(Person, "link");
        Link = $"{options.Root ?? Request.PathBase}/reset/{token}";
        return Page();
    }

    private string Done(string act) => $"/admin/person?account={Uri.EscapeDataString(Person.Value)}&done={act}";

    private AdminAct ActOf(string act, string why) => act switch
    {
        "clear" => new AdminAct.Clear(Person, why),
        "block" => new AdminAct.Block(Person, why),
        "lock" => new AdminAct.Lock(Person, why, Clears: false),
        "unlock" => new AdminAct.Unlock(Person),
        "profile" => new AdminAct.ClearProfile(Person, why),
        "end" => new AdminAct.EndSessions(Person),
        "nofactor" => new AdminAct.EndSecondFactor(Person),
        "disable" => new AdminAct.Disable(Person, why),
        "enable" => new AdminAct.Enable(Person),
        _ => new AdminAct.Remove(Person),
    };

    private IEnumerable<string> States()
    {
        yield return Record is null ? T["state.none"] : Record.Disabled is null ? T["state.open"] : T["state.disabled"];
        if (Portrait.Lock is not null)
        {
            yield return T["state.locked"];
        }
    }
}
