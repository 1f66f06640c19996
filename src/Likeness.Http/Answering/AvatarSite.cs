using Microsoft.AspNetCore.Http;

namespace Likeness.Http.Answering;

/// <summary>One domain as the web shows it.</summary>
internal sealed class AvatarSite
{
    internal AvatarSite(DomainPolicy policy, byte[] keyPrefix)
    {
        Policy = policy;
        KeyPrefix = keyPrefix;
        Answers = new AvatarAnswers(policy);
    }

    public DomainPolicy Policy { get; }

    /// <summary>What tells its prepared answers from those of other domains: empty when there is one domain only.</summary>
    internal byte[] KeyPrefix { get; }

    internal AvatarAnswers Answers { get; }
}

/// <summary>The domains of this server as the web shows them.</summary>
internal sealed class AvatarSites
{
    // No byte of UTF-8: a target cannot begin like this.
    private const byte Mark = 0xFE;
    private readonly DomainPolicies _policies;
    private readonly Dictionary<DomainPolicy, AvatarSite> _sites = new(ReferenceEqualityComparer.Instance);
    private readonly AvatarSite? _only;

    public AvatarSites(DomainPolicies policies)
    {
        _policies = policies;
        foreach (var policy in policies.All)
        {
            byte[] prefix = policies.All.Count == 1 ? [] : [Mark, (byte)(_sites.Count >> 8), (byte)_sites.Count];
            _sites.Add(policy, new AvatarSite(policy, prefix));
        }

        Default = _sites[policies.Default];
        _only = _sites.Count == 1 ? Default : null;
    }

    public AvatarSite Default { get; }

    /// <summary>The site whose avatars are asked for under this request's <c>Host</c>.</summary>
    public AvatarSite Of(HttpRequest request) => _only ?? _sites[_policies.ForHost(request.Headers.Host.ToString())];

    /// <summary>The site a person belongs to.</summary>
    public AvatarSite Of(Identity identity) => _only ?? _sites[_policies.For(identity.Domain)];
}
