using Likeness.Libravatar;
using Likeness.Stores;
using Likeness.Web.Visits;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Likeness.Web.Pages;

/// <summary><c>/admin</c>: people, invitations and the log, for those whom the operator named.</summary>
[ForAdministrators]
internal sealed class AdminModel(IStores stores, AddressBook addresses, DomainPolicies policies, IAdministration administration) : SitePage
{
    private const int PageSize = 50;
    private const int LogLines = 30;

    public string Domain => policies.ForHost(Request.Host.Host).Domain;

    public string? Asked { get; private set; }

    public IReadOnlyList<Identity> People { get; private set; } = [];

    /// <summary>The last of this page; null: there are no more.</summary>
    public string? More { get; private set; }

    public IReadOnlyList<AuditEntry> Log { get; private set; } = [];

    /// <summary>Of an invitation that was made just now.</summary>
    public string? Link { get; private set; }

    /// <summary>An account was removed just now.</summary>
    public bool IsGone { get; private set; }

    public async Task<IActionResult> OnGet(string? find, string? after, string? done)
    {
        IsGone = done == "removed";
        if (!string.IsNullOrWhiteSpace(find))
        {
            Asked = find.Trim();
            if (await FoundBy(Asked) is { } found)
            {
                return SeeOther($"/admin/person?account={Uri.EscapeDataString(found.Value)}");
            }

            Problem = T["admin.nobody", Asked];
        }

        await Load(after);
        return Page();
    }

    public async Task<IActionResult> OnPostInvite([FromForm] string? account)
    {
        try
        {
            Link = await administration.Carry(new AdminAct.Invite(string.IsNullOrWhiteSpace(account) ? null : account.Trim(), Domain), Visitor.Account);
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
        var people = await stores.Accounts.Page(Domain, after, PageSize + 1, HttpContext.RequestAborted);
        People = [.. people.Take(PageSize)];
        More = people.Count > PageSize ? People[^1].Value : null;
        Log = await stores.Audit.Read(about: null, since: null, LogLines, HttpContext.RequestAborted);
    }

    private async ValueTask<Identity?> FoundBy(string text)
    {
        if (!Address.TryParse(text.Contains('@', StringComparison.Ordinal) || text.Contains("://", StringComparison.Ordinal) ? text : $"{text}@{Domain}", out var address))
        {
            return null;
        }

        var person = await addresses.OwnerOf(address, HttpContext.RequestAborted);
        return await stores.Accounts.Find(person, HttpContext.RequestAborted) is not null || (await addresses.Of(person, HttpContext.RequestAborted)).Count > 0 ? person : null;
    }
}
