using Likeness.Accounts;
using Likeness.Libravatar;
using Likeness.Stores;
using Likeness.Web.Visits;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Likeness.Web.Pages;

/// <summary><c>/admin</c>: people, invitations and the log, of one domain at a time.</summary>
[Needs(Right.Pictures)]
internal sealed class AdminModel(IStores stores, AddressBook addresses, DomainPolicies policies, Administrators administrators) : SitePage
{
    private const int PageSize = 50;
    private const int LogLines = 30;

    /// <summary>Those whose people the visitor looks after.</summary>
    public IReadOnlyList<string> Domains => [.. policies.All.Select(policy => policy.Domain).Where(domain => Visitor.Rights.Has(Right.Pictures, domain))];

    /// <summary>Whose people are shown.</summary>
    public string Domain { get; private set; } = "";

    /// <summary>Whether the visitor sees who is here, and invites others.</summary>
    public bool SeesPeople => Visitor.Rights.Has(Right.People, Domain);

    /// <summary>Whether the visitor looks after the server itself.</summary>
    public bool SeesServer => Visitor.Rights.Has(Right.Server);

    /// <summary>What people may have in common, to list those.</summary>
    public static IReadOnlyList<AccountFilter> Filters { get; } = Enum.GetValues<AccountFilter>();

    public AccountFilter Filter { get; private set; }

    public string? Asked { get; private set; }

    public IReadOnlyList<Identity> People { get; private set; } = [];

    /// <summary>The last of this page; null: there are no more.</summary>
    public string? More { get; private set; }

    public IReadOnlyList<AuditEntry> Log { get; private set; } = [];

    /// <summary>Of an invitation that was made just now.</summary>
    public string? Link { get; private set; }

    /// <summary>An account was removed just now.</summary>
    public bool IsGone { get; private set; }

    public async Task<IActionResult> OnGet(string? find, string? after, string? done, string? domain, string? show)
    {
        if (!Choose(domain))
        {
            return NotFound();
        }

        IsGone = done == "removed";
        Filter = Filters.FirstOrDefault(filter => filter.ToString().Equals(show, StringComparison.OrdinalIgnoreCase));
        if (!string.IsNullOrWhiteSpace(find))
        {
            Asked = find.Trim();
            if (after is null && Filter == AccountFilter.All && await FoundBy(Asked) is { } found)
            {
                return SeeOther($"/admin/person?account={Uri.EscapeDataString(found.Value)}");
            }
        }

        await Load(after);
        if (Asked is not null && People.Count == 0)
        {
            Problem = T["admin.nobody", Asked];
        }

        return Page();
    }

    public async Task<IActionResult> OnPostInvite([FromForm] string? account, [FromForm] string? domain)
    {
        if (!Choose(domain))
        {
            return NotFound();
        }

        try
        {
            var name = SignUps.LocalOf(account, Domain);
            Link = await administrators.Do(new AdminAct.Invite(name.Length > 0 ? name : null, Domain), Visitor);
            await Load(after: null);
            return Page();
        }
        catch (ActRefusedException refused)
        {
            await Load(after: null);
            return Refuse(StatusCodes.Status422UnprocessableEntity, refused.Message);
        }
    }

    private async Task Load(string? after)
    {
        var people = SeesPeople ? await stores.Accounts.Page(new AccountSearch(Domain, Filter, Asked?.ToLowerInvariant() ?? ""), after, PageSize + 1, HttpContext.RequestAborted) : [];
        People = [.. people.Take(PageSize)];
        More = people.Count > PageSize ? People[^1].Value : null;
        Log = await stores.Audit.Search(new AuditSearch { Domains = Visitor.Rights.DomainsOf(Right.Pictures) }, LogLines, HttpContext.RequestAborted);
    }

    // The one of the host, if it is the visitor's; false: the one that is asked for is not.
    private bool Choose(string? asked)
    {
        var mine = Domains;
        var here = policies.ForHost(Request.Host.Host).Domain;
        Domain = asked is { Length: > 0 } ? asked : mine.Contains(here) ? here : mine.Count > 0 ? mine[0] : "";
        return mine.Contains(Domain);
    }

    private async ValueTask<Identity?> FoundBy(string text)
    {
        if (!Address.TryParse(text.Contains('@', StringComparison.Ordinal) || text.Contains("://", StringComparison.Ordinal) ? text : $"{text}@{Domain}", out var address))
        {
            return null;
        }

        var person = await addresses.OwnerOf(address, HttpContext.RequestAborted);
        if (!Visitor.Rights.Has(Right.Pictures, person.Domain))
        {
            return null;
        }

        return await stores.Accounts.Find(person, HttpContext.RequestAborted) is not null || (await addresses.Of(person, HttpContext.RequestAborted)).Count > 0 ? person : null;
    }
}
