using System.Collections.Frozen;
using System.Globalization;
using Likeness.Libravatar.Discovery;

namespace Likeness.Http.Gateway;

/// <summary>For which domains the gateway asks at all: those that are allowed, and never our own (L-57).</summary>
internal sealed class GatewayDomains(GatewayOptions options, DomainPolicies policies, AvatarOptions avatars)
{
    private readonly FrozenSet<string> _allowed = options.Domains.ToFrozenSet(StringComparer.Ordinal);
    private readonly FrozenSet<string> _served = policies.All.Select(policy => Ascii(policy.Domain)).OfType<string>().ToFrozenSet(StringComparer.Ordinal);
    private readonly FrozenSet<string> _ownHosts = policies.All.SelectMany(DomainPolicies.HostsOf).Append(avatars.PublicUrl?.IdnHost ?? "").ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>The domain to look up; null when it must not be.</summary>
    public string? Read(string? asked) =>
        options.IsOn && Ascii(asked) is { } domain && !_served.Contains(domain) && (_allowed.Count == 0 || _allowed.Contains(domain)) ? domain : null;

    /// <summary>A stranger's server may have any name but ours.</summary>
    public bool MayVisit(string host) => !_ownHosts.Contains(host);

    private static string? Ascii(string? domain)
    {
        try
        {
            return domain is not null && HostSanity.TryClean(new IdnMapping().GetAscii(domain.TrimEnd('.')), out var host) ? host : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
