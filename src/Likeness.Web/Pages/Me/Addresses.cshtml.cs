using Likeness.Accounts;
using Likeness.Libravatar;
using Likeness.Stores;
using Likeness.Web.Exchange;
using Likeness.Web.Mails;
using Likeness.Web.Passkeys;
using Likeness.Web.Portraits;
using Likeness.Web.Proofs;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Likeness.Web.Pages;

/// <summary><c>/me/addresses</c>: what the person's picture is found by, and what waits to be confirmed by mail.</summary>
internal sealed class AddressesModel(AddressBook book, OwnPortrait own, MailBook mails, AccountBook accounts, PasskeyBook passkeys, Notices notices, PageProofs proofs, PersonImport imports, DomainPolicies policies, PageOptions options, TimeProvider time, IChatsBeside? beside = null) : ConfirmedPage(accounts, passkeys, time)
{
    public IReadOnlyList<string> Addresses { get; private set; } = [];

    /// <summary>The last mail to each address.</summary>
    public IReadOnlyList<Mail> Waiting { get; private set; } = [];

    /// <summary>Those that came in a file, and to which no mail is on its way.</summary>
    public IReadOnlyList<string> Imported { get; private set; } = [];

    /// <summary>What was to be added.</summary>
    public string? Typed { get; private set; }

    /// <summary>The address that was to be removed, and which the person has to say once more.</summary>
    public string? Leaving { get; private set; }

    /// <summary>What is removed is the last one.</summary>
    public bool IsLast => Addresses.Count == 1;

    public bool CanAdd => mails.IsOn;

    /// <summary>Web addresses are proved by their pages here.</summary>
    public bool CanProve => proofs.IsOn;

    /// <summary>Where the link on a page of the person's leads.</summary>
    public string Target { get; private set; } = "";

    /// <summary>What is known of addresses that their pages prove.</summary>
    public IReadOnlyDictionary<string, AddressProof> Proofs { get; private set; } = new Dictionary<string, AddressProof>();

    /// <summary>The web address that was to be added.</summary>
    public string? TypedPage { get; private set; }

    /// <summary>How it stands with an address.</summary>
    public string StateOf(string address) => !Proofs.TryGetValue(address, out var proof) ? T["addresses.confirmed"]
        : proof.Failing is { } failing ? T["addresses.failing", T.Time(failing), T.Time(failing + PageProofs.Grace)]
        : T["addresses.proved", T.Time(proof.Proved)];

    public string Account => Visitor.Account.Value;

    public string Domain => Visitor.Account.Domain;

    /// <summary>The account's own address is the person's mailbox, as the operator says, and not among the addresses.</summary>
    public bool IsOwnMissing { get; private set; }

    /// <summary>Whose picture is shown for addresses of the domain that nobody has; null: nobody's.</summary>
    public (string Address, bool IsOwn)? CatchAll { get; private set; }

    /// <summary>By what else the address is found; null: by nothing.</summary>
    public string? AlsoFor(string text)
    {
        var address = Address.Parse(text);
        if (!policies.Serves(address.Domain) || address.Kind != AddressKind.Email || text.Contains('+', StringComparison.Ordinal))
        {
            return null;
        }

        var (tags, at) = (policies.For(address.Domain).PlusTags, text.LastIndexOf('@'));
        IEnumerable<string> found = tags.Listed.Select(tag => $"{text[..at]}+{tag}{text[at..]}");
        return tags.Any ? T["addresses.also.any", string.Join(", ", found.Prepend($"{text[..at]}+…{text[at..]}"))]
            : tags.Listed.Count > 0 ? T["addresses.also", string.Join(", ", found)]
            : null;
    }

    /// <summary>The text that says what was done just now; null: nothing.</summary>
    public string? Done { get; private set; }

    public async Task OnGet(string? done)
    {
        Done = done is "sent" or "confirmed" or "dropped" or "proved" ? "addresses.done." + done : null;
        Addresses = await book.Of(Visitor.Account, HttpContext.RequestAborted);
        Proofs = await proofs.Of(Visitor.Account, HttpContext.RequestAborted);
        Target = CanProve ? await proofs.TargetOf(Visitor.Account, HttpContext.RequestAborted) : "";
        IsOwnMissing = (options.AccountsAreMailboxes || beside?.AddressesAreTheSame(Domain) is true) && !Addresses.Contains(Account);
        var policy = policies.For(Domain);
        CatchAll = policy.CatchAll is { } all ? (all.Text, await book.CatchAll(policy, HttpContext.RequestAborted) == Visitor.Account) : null;
        Waiting =
        [
            .. (await mails.Of(Visitor.Account, MailKind.Address, HttpContext.RequestAborted))
                .Where(mail => !Addresses.Contains(mail.Address) && (mail.Refused is not null || mail.Expires > Time.GetUtcNow()))
                .GroupBy(mail => mail.Address, (_, all) => all.Last()),
        ];
        Imported = [.. (await imports.Waiting(Visitor.Account, HttpContext.RequestAborted)).Select(one => one.Address).Except(Addresses).Except(Waiting.Select(mail => mail.Address))];
    }

    public async Task<IActionResult> OnPost([FromForm] string? remove, [FromForm] string? sure, [FromForm] string? password)
    {
        await OnGet(done: null);
        if (!Address.TryParse(remove, out var address) || !Addresses.Contains(address.Text))
        {
            return SeeOther("/me/addresses");
        }

        Leaving = address.Text;
        if (IsLast && sure != "yes")
        {
            return Refuse(StatusCodes.Status422UnprocessableEntity, T["addresses.last", address.Text]);
        }

        if (await NotConfirmed(password) is { } refused)
        {
            return refused;
        }

        // The one that goes is told, too: it may not be its owner who removes it.
        var before = await notices.AddressesOf(Visitor.Account);
        await own.RemoveAddress(Visitor.Account, address);
        await notices.Tell(Visitor.Account, "noaddress", address.Text, before);
        return SeeOther("/me/addresses");
    }

    public async Task<IActionResult> OnPostAdd([FromForm] string? address, [FromForm] string? password)
    {
        await OnGet(done: null);
        Typed = address?.Trim() ?? "";
        var text = Typed.ToLowerInvariant();
        if (!CanAdd || !MailOptions.IsMailbox(text))
        {
            return Refuse(StatusCodes.Status422UnprocessableEntity, T["front.noaddress"]);
        }

        if (Addresses.Contains(text))
        {
            return Refuse(StatusCodes.Status422UnprocessableEntity, T["addresses.have", text]);
        }

        if (Waiting.Count >= MailBook.MaxWaiting && Waiting.All(mail => mail.Address != text))
        {
            return Refuse(StatusCodes.Status422UnprocessableEntity, T["addresses.many", MailBook.MaxWaiting]);
        }

        return await NotConfirmed(password) ?? await Send(text);
    }

    /// <summary>The account's own address, where the operator says that it is the person's mailbox: no mail has to prove it.</summary>
    public async Task<IActionResult> OnPostOwn([FromForm] string? password)
    {
        await OnGet(done: null);
        if (!IsOwnMissing)
        {
            return SeeOther("/me/addresses");
        }

        if (await NotConfirmed(password) is { } refused)
        {
            return refused;
        }

        try
        {
            var before = await notices.AddressesOf(Visitor.Account);
            await own.AddAddress(Visitor.Account, Address.Email(Account));
            await notices.Tell(Visitor.Account, "address", Account, before);
            return SeeOther("/me/addresses?done=confirmed");
        }
        catch (StoreConflictException)
        {
            return Refuse(StatusCodes.Status409Conflict, T["link.taken"]);
        }
    }

    /// <summary>A web address is the person's when its page says so.</summary>
    public async Task<IActionResult> OnPostPage([FromForm] string? page, [FromForm] string? password)
    {
        await OnGet(done: null);
        TypedPage = page?.Trim() ?? "";
        if (!CanProve)
        {
            return NotFound();
        }

        return await NotConfirmed(password) ?? await Look(TypedPage);
    }

    /// <summary>Looks at once at a page that is the person's already.</summary>
    public async Task<IActionResult> OnPostLook([FromForm] string? page)
    {
        await OnGet(done: null);
        return CanProve && page is not null && Proofs.ContainsKey(page) ? await Look(page) : SeeOther("/me/addresses");
    }

    public async Task<IActionResult> OnPostAgain([FromForm] string? address)
    {
        await OnGet(done: null);
        if (!CanAdd || (Waiting.All(mail => mail.Address != address) && Imported.All(one => one != address)))
        {
            return SeeOther("/me/addresses");
        }

        return Waiting.Count >= MailBook.MaxWaiting && Waiting.All(mail => mail.Address != address)
            ? Refuse(StatusCodes.Status422UnprocessableEntity, T["addresses.many", MailBook.MaxWaiting])
            : await Send(address!);
    }

    public async Task<IActionResult> OnPostDrop([FromForm] string? address)
    {
        await mails.Drop(Visitor.Account, MailKind.Address, address ?? "", CancellationToken.None);
        await imports.Forget(Visitor.Account, address ?? "");
        return SeeOther("/me/addresses?done=dropped");
    }

    private async Task<IActionResult> Look(string page)
    {
        var answer = await proofs.Prove(Visitor.Account, page, HttpContext.RequestAborted);
        return answer == ProofAnswer.Proved ? SeeOther("/me/addresses?done=proved") : Refuse(
            answer switch
            {
                ProofAnswer.TooOften => StatusCodes.Status429TooManyRequests,
                ProofAnswer.Taken => StatusCodes.Status409Conflict,
                _ => StatusCodes.Status422UnprocessableEntity,
            },
            answer == ProofAnswer.Taken ? T["link.taken"] : T["proof." + answer.ToString().ToLowerInvariant(), Target]);
    }

    private async Task<IActionResult> Send(string address)
    {
        if (mails.Take(Visitor.Client) is { Ticks: > 0 } wait)
        {
            return Refuse(wait);
        }

        // Whether it is somebody else's is told to whoever reads the mail, and to nobody else.
        var mail = mails.New(MailKind.Address, Visitor.Account, address, T, policies.ForHost(Request.Host.Host).Domain, Visitor, MailBook.AddressLifetime);
        return await mails.Add([mail], CancellationToken.None) is { } refusal ? Refuse(refusal) : SeeOther("/me/addresses?done=sent");
    }
}
