using System.Collections.Frozen;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Likeness.Web.Looks;

/// <summary>What is the domains' own of how pages look, made once at start.</summary>
internal sealed class DomainLooks
{
    private readonly FrozenDictionary<string, DomainLook> _looks;
    private readonly FrozenDictionary<(string Name, string Version), Asset> _assets;

    public DomainLooks(DomainPolicies policies)
    {
        _looks = policies.All.ToFrozenDictionary(policy => policy.Domain, policy => new DomainLook(policy.Look), StringComparer.OrdinalIgnoreCase);
        _assets = _looks.Values.SelectMany(look => look.All).DistinctBy(asset => (asset.Name, asset.Version)).ToFrozenDictionary(asset => (asset.Name, asset.Version));
    }

    public DomainLook Of(string domain) => _looks[domain];

    /// <summary>Null: no domain has it.</summary>
    public Asset? Find(string name, string version) => _assets.GetValueOrDefault((name, version));
}

/// <summary>How the pages of one domain look.</summary>
internal sealed class DomainLook
{
    private readonly Asset _style;

    public DomainLook(PageLook look)
    {
        _style = Assets.Of("site.css");
        if (look.Accent is { } accent)
        {
            _style = Asset.Of("site.css", [.. _style.Bytes, .. Encoding.UTF8.GetBytes(PageAccent.StyleOf(accent))], _style.MediaType);
        }

        Logos = [.. look.Logos.Select(logo => (Asset.Of($"logo.{logo.MediaType["image/".Length..]}", logo.Bytes.ToArray(), logo.MediaType), logo.Width, logo.Height))];
    }

    /// <summary>On light pages and, where there are two, on dark ones; CSS pixels are a matter of the style.</summary>
    public IReadOnlyList<(Asset Asset, int Width, int Height)> Logos { get; }

    public IEnumerable<Asset> All => [_style, .. Logos.Select(logo => logo.Asset)];

    /// <summary>Where a page finds its style.</summary>
    public string Style(HttpContext context) => _style.Path(context);
}
