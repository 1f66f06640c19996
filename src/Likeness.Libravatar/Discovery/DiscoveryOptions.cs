using Likeness.Libravatar.Resolving;

namespace Likeness.Libravatar.Discovery;

/// <summary>How domains' servers are found and remembered (L-89).</summary>
public sealed record DiscoveryOptions
{
    public DnsResolverOptions Resolver { get; init; } = new();

    /// <summary>How long a caller that waits at all waits for DNS; a later answer is remembered for the next.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The least time an answer is kept, whatever its TTL; a day is what the Libravatar wiki asks for.</summary>
    public TimeSpan MinTime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The most time an answer is kept.</summary>
    public TimeSpan MaxTime { get; init; } = TimeSpan.FromDays(7);

    /// <summary>The most time a domain counts as one without servers.</summary>
    public TimeSpan MaxNegativeTime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long it is not asked again after no resolver answered.</summary>
    public TimeSpan FailureTime { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long servers found once are still used when DNS fails.</summary>
    public TimeSpan StaleTime { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Services remembered.</summary>
    public int Capacity { get; init; } = 10_000;

    /// <summary>Look-ups at a time. One page can name many domains whose DNS is silent, and each holds its place until the time is over.</summary>
    public int AtOnce { get; init; } = 256;

    /// <summary>Look-ups begun and not ended; beyond, a domain is as if without servers until it is asked for again.</summary>
    public int MaxWaiting { get; init; } = 1_000;

    /// <summary>Special-use domains that are looked up all the same, for example <c>internal</c> or <c>corp.test</c>.</summary>
    public IReadOnlyCollection<string> AskedSpecialDomains { get; init; } = [];

    /// <summary>Where what was found outlives the process; null: nowhere.</summary>
    public string? CacheFile { get; init; }
}
