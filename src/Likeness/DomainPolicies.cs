using System.Collections.Frozen;
using System.Globalization;

namespace Likeness;

/// <summary>The policies of every domain this server answers for; the first one is the default.</summary>
public sealed class DomainPolicies
{
    private static readonly IdnMapping Idn = new();
    private readonly FrozenDictionary<string, DomainPolicy> _byDomain;
    private readonly FrozenDictionary<string, DomainPolicy>.AlternateLookup<ReadOnlySpan<char>> _byHost;

    /// <summary>Throws <see cref="ArgumentException"/> when two domains claim the same host.</summary>
    public DomainPolicies(IReadOnlyList<DomainPolicy> policies)
    {
        ArgumentOutOfRangeException.ThrowIfZero(policies.Count);
        All = policies;
        OfChats = [.. policies.Where(policy => policy.Chats)];
        _byDomain = policies.ToFrozenDictionary(policy => policy.Domain, StringComparer.OrdinalIgnoreCase);
        _byHost = policies
            .SelectMany(HostsOf, (policy, host) => KeyValuePair.Create(host, policy))
            .ToDictionary(StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase)
            .GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public IReadOnlyList<DomainPolicy> All { get; }

    /// <summary>Those whose chats are served here.</summary>
    public IReadOnlyList<DomainPolicy> OfChats { get; }

    public DomainPolicy Default => All[0];

    /// <summary>The hosts of a policy, in A-labels.</summary>
    public static IEnumerable<string> HostsOf(DomainPolicy policy) =>
        policy.WebHosts.Count > 0 ? policy.WebHosts : [Idn.GetAscii(policy.Domain)];

    public bool Serves(string domain) => _byDomain.ContainsKey(domain);

    /// <summary>Its chats, too.</summary>
    public bool ServesChats(string domain) => _byDomain.GetValueOrDefault(domain)?.Chats == true;

    /// <summary>The policy of this domain, or the default one for a domain we do not serve.</summary>
    public DomainPolicy For(string domain) => _byDomain.GetValueOrDefault(domain) ?? Default;

    /// <summary>The policy whose host is the longest that equals this one or ends it after a dot, else the default one. Allocates nothing.</summary>
    /// <param name="host">A request's <c>Host</c>, with or without port.</param>
    public DomainPolicy ForHost(ReadOnlySpan<char> host)
    {
        var colon = host.LastIndexOf(':');
        host = (colon < 0 ? host : host[..colon]).TrimEnd('.');
        while (!host.IsEmpty)
        {
            if (_byHost.TryGetValue(host, out var policy))
            {
                return policy;
            }

            var dot = host.IndexOf('.');
            host = dot < 0 ? default : host[(dot + 1)..];
        }

        return Default;
    }
}
