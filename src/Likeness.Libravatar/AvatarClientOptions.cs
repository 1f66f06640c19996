using Likeness.Libravatar.Caching;
using Likeness.Libravatar.Discovery;
using Likeness.Libravatar.Fetching;

namespace Likeness.Libravatar;

/// <summary>How an <see cref="AvatarClient"/> finds avatars.</summary>
public sealed record AvatarClientOptions
{
    public SchemePolicy Scheme { get; init; } = SchemePolicy.HttpsOnly;

    /// <summary>For domains without own servers; <see cref="FallbackBases.None"/>: they have no avatars.</summary>
    public FallbackBases Fallback { get; init; } = FallbackBases.Libravatar;

    /// <summary>A domain that says in DNS that it has no avatar service gets no URL instead of the fallback's (L-84).</summary>
    public bool HonourAbsence { get; init; }

    public DiscoveryOptions Discovery { get; init; } = new();

    /// <summary>Rules for fetching pictures. A domain's server may have any port of its own choice, but none of those below 1024 that belong to other services.</summary>
    public SafeFetchOptions Fetch { get; init; } = new() { MayUsePort = static port => port is 80 or 443 or >= 1024 };

    public ImageCacheOptions Cache { get; init; } = new();

    /// <summary>How many of a domain's servers are tried for one picture.</summary>
    public int MaxServers { get; init; } = 3;
}
