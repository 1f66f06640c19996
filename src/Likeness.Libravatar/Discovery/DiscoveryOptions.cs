using Likeness.Libravatar.Resolving;

namespace Likeness.Libravatar.Discovery;

/// <summary>How domains' servers are found and remembered.</summary>
public sealed record DiscoveryOptions
{
    public DnsResolverOptions Resolver { get; set; } = new();

    /// <summary>How long a caller that waits at all waits for DNS; a later answer is remembered for the next.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The least time an answer is kept, whatever its TTL; a day is what the Libravatar wiki asks for.</summary>
    public TimeSpan MinTime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The most time an answer is kept.</summary>
    public TimeSpan MaxTime { get; set; } = TimeSpan.FromDays(7);

    /// <summary>The most time a domain counts as one without servers.</summary>
    public TimeSpan MaxNegativeTime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long it is not asked again after no resolver answered.</summary>
    public TimeSpan FailureTime { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long servers found once are still used when DNS fails.</summary>
    public TimeSpan StaleTime { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Services remembered.</summary>
    public int Capacity { get; set; } = 10_000;

    /// <summary>Look-ups at a time. One page can name many domains whose DNS is silent, and each holds its place until the time is over.</summary>
    public int MaxConcurrent { get; set; } = 256;

    /// <summary>Look-ups begun and not ended; beyond, a domain is as if without servers until it is asked for again.</summary>
    public int MaxWaiting { get; set; } = 1_000;

    /// <summary>Special-use domains that are looked up all the same, for example <c>internal</c> or <c>corp.test</c>.</summary>
    public IList<string> AskedSpecialDomains { get; set; } = [];

    /// <summary>Where what was found outlives the process; null: nowhere.</summary>
    public string? CacheFile { get; set; }

    internal void Validate()
    {
        Resolver.Validate();
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Timeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(MinTime, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxTime, MinTime);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxNegativeTime, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(FailureTime, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(StaleTime, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Capacity);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxConcurrent);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxWaiting);
    }
}
