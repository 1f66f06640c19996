using Likeness.Libravatar;
using Likeness.Web.Visits;
using Microsoft.AspNetCore.Http;

namespace Likeness.Web.Pages;

/// <summary><c>/</c>: what this server is, and anybody's picture as it is seen.</summary>
[Open]
internal sealed class IndexModel(DomainPolicies policies, PageOptions options, SignUps signUps) : SitePage
{
    private static readonly string[] Kinds = ["monsterid", "robohash", "wavatar", "mmng", "robohash", "monsterid", "pagan", "wavatar", "mmng"];

    /// <summary>The artwork: always the same, so that browsers keep it.</summary>
    public static IReadOnlyList<(string Kind, string Seed)> Faces { get; } =
        [.. Enumerable.Range(0, 19).Select(number => (Kinds[number % Kinds.Length], AddressHash.Sha256($"face{number}@example.org").Text))];

    public string Domain => policies.ForHost(Request.Host.Host).Domain;

    public bool OpensAccounts => signUps.IsOpen(Domain);

    public string? Asked { get; private set; }

    public FoundPicture? Found { get; private set; }

    public Previews PreviewsOf(FoundPicture found) => new(T, size => $"{Request.PathBase}/avatar/{found.Hash}?s={size * 2}{found.Query}", found.Address, size => $"{Request.PathBase}/avatar/{found.Hash}.png?s={size * 2}{found.Query}");

    public void OnGet(string? address)
    {
        if (string.IsNullOrWhiteSpace(address))
        {
            return;
        }

        Asked = address.Trim();
        if (!Address.TryParse(Asked, out var named) || (named.Kind != AddressKind.Email && !Asked.Contains("://", StringComparison.Ordinal)))
        {
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            Problem = T["front.noaddress"];
            return;
        }

        var isOurs = policies.Serves(named.Domain);
        if (!isOurs && !options.Shows(named.Domain))
        {
            Problem = T["front.elsewhere", named.Domain, Domain];
            return;
        }

        var hash = AddressHash.Sha256(named.Text);
        var query = isOurs ? "" : $"&domain={Uri.EscapeDataString(named.Domain)}";
        var web = options.Root ?? $"{Request.Scheme}://{Request.Host}";
        Found = new FoundPicture(named.Text, hash.Text, query, $"{web}/avatar/{hash.Text}?s=128{query}");
    }
}

/// <param name="Query">What the avatar is asked for with beside its size.</param>
/// <param name="Url">Where other sites find it.</param>
internal sealed record FoundPicture(string Address, string Hash, string Query, string Url);
