using Likeness.Stores;

namespace Likeness.Web.Pages;

/// <summary><c>/me/seen</c>: where the own portrait was seen in the last days.</summary>
internal sealed class WhereSeenModel(IStores stores, DomainPolicies policies, TimeProvider time) : SitePage
{
    private static readonly string[] Surfaces = [SeenWhat.Md5, SeenWhat.Sha256, SeenWhat.Link, SeenWhat.WebFinger, SeenWhat.Chat];

    private IReadOnlyList<(string What, long Number)> _counts = [];

    public static double Days => ISeenStore.Kept.TotalDays;

    public SeenCounting Counting => policies.For(Visitor.Account.Domain).Seen;

    public bool IsAnything => _counts.Count > 0;

    /// <summary>How often by what, the surfaces in their order, those without any too.</summary>
    public IEnumerable<(string Name, long Number)> ByWhat => Surfaces.Select(surface => (T["seen.by." + surface], _counts.FirstOrDefault(count => count.What == surface).Number));

    public IReadOnlyList<(string Name, long Number)> Sizes =>
        [.. Of(SeenWhat.Size).OrderBy(size => int.TryParse(size.Name, out var edge) ? edge : int.MaxValue).Select(size => (int.TryParse(size.Name, out _) ? T["seen.size", size.Name] : T["seen.size.more"], size.Number))];

    public IReadOnlyList<(string Name, long Number)> Types => [.. Of(SeenWhat.Type).OrderByDescending(type => type.Number).Select(type => (type.Name.ToUpperInvariant(), type.Number))];

    public IReadOnlyList<(string Name, long Number)> Sites =>
        [.. Of(SeenWhat.Site).OrderBy(site => site.Name.Length == 0).ThenByDescending(site => site.Number).Select(site => (site.Name.Length == 0 ? T["seen.site.other"] : site.Name, site.Number))];

    public async Task OnGet() =>
        _counts = await stores.Seen.Read(Visitor.Account, DateOnly.FromDateTime((time.GetUtcNow() - ISeenStore.Kept).UtcDateTime), HttpContext.RequestAborted);

    private IEnumerable<(string Name, long Number)> Of(string what) =>
        _counts.Where(count => count.What.StartsWith(what, StringComparison.Ordinal)).Select(count => (count.What[what.Length..], count.Number));
}
