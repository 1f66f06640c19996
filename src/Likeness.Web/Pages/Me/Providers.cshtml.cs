using Likeness.Stores;
using Likeness.Web.Providers;
using Likeness.Web.Visits;
using Microsoft.AspNetCore.Mvc;

namespace Likeness.Web.Pages;

/// <summary><c>/me/providers</c>: the sites that vouch for the person.</summary>
[Fresh]
internal sealed class ProvidersModel(ProviderBook providers) : SitePage
{
    public IReadOnlyList<ProviderIdentity> Linked { get; private set; } = [];

    public IEnumerable<string> Names => providers.All.Select(provider => provider.Name);

    public bool IsDone { get; private set; }

    public async Task<IActionResult> OnGet(string? done, string? problem)
    {
        if (providers.All.Count == 0)
        {
            return NotFound();
        }

        IsDone = done is not null;
        Problem = problem is null ? null : T["providers.taken"];
        Linked = await providers.Of(Visitor.Account, HttpContext.RequestAborted);
        return Page();
    }

    public async Task<IActionResult> OnPostRemove([FromForm] string? issuer, [FromForm] string? subject) =>
        await providers.Unlink(Visitor, issuer, subject) ? SeeOther("/me/providers") : NotFound();
}
