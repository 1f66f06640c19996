using Likeness.Libravatar;
using Likeness.Libravatar.Caching;
using Likeness.Libravatar.Discovery;

namespace Likeness.Http.Gateway;

/// <summary>Whether other domains' avatars are served to applications that know no federation (L-8D), and within which bounds.</summary>
public sealed record GatewayOptions
{
    public bool IsOn { get; init; }

    /// <summary>Lower-case A-labels of the domains that may be asked for; empty: every domain.</summary>
    public IReadOnlyList<string> Domains { get; init; } = [];

    /// <summary>How the domains' servers are found and asked: never a central server, http where there is no https.</summary>
    public AvatarClientOptions Client { get; init; } = new()
    {
        Scheme = SchemePolicy.PreferHttps,
        Fallback = FallbackPolicy.None,
        Discovery = new DiscoveryOptions { Timeout = TimeSpan.FromSeconds(2) },
        Cache = new ImageCacheOptions { MemoryBytes = 8 * 1024 * 1024 },
    };

    /// <summary>Fetches at a moment; who comes then is shown the default, for a short time.</summary>
    public int MaxFetches { get; init; } = 16;

    /// <summary>Bytes of memory for what was fetched and made square.</summary>
    public long Memory { get; init; } = 16L * 1024 * 1024;

    /// <summary>How long a picture is shown before its server is asked again.</summary>
    public TimeSpan HitLifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long it is believed that there is no picture to be had.</summary>
    public TimeSpan MissLifetime { get; init; } = TimeSpan.FromMinutes(1);
}
