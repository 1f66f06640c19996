using System.Collections.Frozen;

namespace Likeness;

/// <summary>The policies of every domain this server answers for; the first one is the default.</summary>
public sealed class DomainPolicies
{
    private readonly FrozenDictionary<string, DomainPolicy> _byDomain;

    public DomainPolicies(IReadOnlyList<DomainPolicy> policies)
    {
        ArgumentOutOfRangeException.ThrowIfZero(policies.Count);
        All = policies;
        _byDomain = policies.ToFrozenDictionary(policy => policy.Domain, StringComparer.OrdinalIgnoreCase);
    }

    public IReadOnlyList<DomainPolicy> All { get; }

    public DomainPolicy Default => All[0];

    public bool Serves(string domain) => _byDomain.ContainsKey(domain);

    /// <summary>The policy of this domain, or the default one for a domain we do not serve.</summary>
    public DomainPolicy For(string domain) => _byDomain.GetValueOrDefault(domain) ?? Default;
}
