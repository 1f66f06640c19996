using Likeness.Libravatar.Resolving;

namespace Likeness.Libravatar.Discovery;

/// <summary>Finds the avatar servers of domains by their SRV records and remembers them (RFC 2782).</summary>
public sealed class ServerDiscovery : IDisposable
{
    private readonly DiscoveryOptions _options;
    private readonly TimeProvider _time;
    private readonly DnsResolver _resolver;
    private readonly ServiceCache _services;

    public ServerDiscovery(DiscoveryOptions? options = null, TimeProvider? time = null)
        : this(options, null, time)
    {
    }

    internal ServerDiscovery(DiscoveryOptions? options, AvatarTelemetry? telemetry, TimeProvider? time)
    {
        _options = options ?? new DiscoveryOptions();
        _options.Validate();
        _time = time ?? TimeProvider.System;
        _resolver = new DnsResolver(_options.Resolver, _time, telemetry);
        _services = new ServiceCache(_resolver, _options, telemetry ?? AvatarTelemetry.None, _time);
        if (_options.CacheFile is { } file)
        {
            foreach (var (name, entry) in DiscoveryFile.Read(file, _options.Capacity))
            {
                _services.Restore(name, entry);
            }
        }
    }

    /// <summary>What is known at this moment; never waits. What is unknown or stale is looked up behind the caller's back.</summary>
    public FoundServers Recall(string domain, SchemePolicy policy)
    {
        ArgumentNullException.ThrowIfNull(domain);
        return AskedDomain.Read(domain, _options.AskedSpecialDomains) is { } asked
            ? Combine([.. ServiceName.Of(asked, policy).Select(_services.Recall)])
            : FoundServers.Without(DiscoveryStatus.NotAsked);
    }

    /// <summary>Waits for DNS as long as <see cref="DiscoveryOptions.Timeout"/>, then is content with what is known.</summary>
    public async ValueTask<FoundServers> FindAsync(string domain, SchemePolicy policy, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(domain);
        if (AskedDomain.Read(domain, _options.AskedSpecialDomains) is not { } asked)
        {
            return FoundServers.Without(DiscoveryStatus.NotAsked);
        }

        var looking = Task.WhenAll(ServiceName.Of(asked, policy).Select(_services.Find));
        try
        {
            return Combine(looking.IsCompletedSuccessfully ? looking.Result : await looking.WaitAsync(_options.Timeout, _time, cancellationToken));
        }
        catch (TimeoutException)
        {
            return Recall(domain, policy);
        }
    }

    /// <summary>Looks many domains up at once, so that a page waits once and not for each.</summary>
    public async Task<IReadOnlyDictionary<string, FoundServers>> FindManyAsync(IEnumerable<string> domains, SchemePolicy policy, CancellationToken cancellationToken = default)
    {
        string[] distinct = [.. domains.Distinct(StringComparer.OrdinalIgnoreCase)];
        var found = await Task.WhenAll(distinct.Select(domain => FindAsync(domain, policy, cancellationToken).AsTask()));
        return distinct.Zip(found).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Writes what is known to <see cref="DiscoveryOptions.CacheFile"/>, if there is one; throws <see cref="IOException"/>.</summary>
    public void Save()
    {
        if (_options.CacheFile is { } file)
        {
            DiscoveryFile.Write(file, _services.Everything());
        }
    }

    /// <summary>Ends what is still being looked up.</summary>
    public void Dispose()
    {
        _services.Dispose();
        _resolver.Dispose();
    }

    /// <summary>The first service with servers counts: https where both are asked.</summary>
    private static FoundServers Combine(ServiceEntry?[] entries)
    {
        foreach (var entry in entries)
        {
            if (entry is null or { Status: DiscoveryStatus.Pending })
            {
                return FoundServers.Without(DiscoveryStatus.Pending);
            }

            if (entry.Status == DiscoveryStatus.Found)
            {
                return new FoundServers(DiscoveryStatus.Found, entry.Bases);
            }
        }

        return FoundServers.Without(
            Array.Exists(entries, entry => entry!.Status == DiscoveryStatus.Failed) ? DiscoveryStatus.Failed
            : Array.TrueForAll(entries, entry => entry!.Status == DiscoveryStatus.Absent) ? DiscoveryStatus.Absent
            : DiscoveryStatus.None);
    }
}
