using Likeness.Libravatar.Caching;
using Likeness.Libravatar.Discovery;
using Likeness.Libravatar.Fetching;
using Microsoft.Extensions.Logging;

namespace Likeness.Libravatar;

/// <summary>Finds anybody's avatar: the domain's own server by DNS, else the fallback. One for the whole program; safe for all threads.</summary>
public sealed class AvatarClient : IAvatarClient, IDisposable
{
    /// <summary>Pictures that <see cref="PrefetchAsync"/> fetches at a time.</summary>
    private const int MaxPrefetches = 16;

    private readonly AvatarClientOptions _options;
    private readonly FallbackBases _fallback;
    private readonly AvatarTelemetry _telemetry;
    private readonly TimeProvider _time;
    private readonly ServerDiscovery _discovery;
    private readonly SafeFetch _fetch;
    private readonly ImageCache _images;
    private readonly ProfileCache _profiles;

    /// <summary>Throws <see cref="ArgumentException"/> when the options contradict themselves.</summary>
    public AvatarClient(AvatarClientOptions? options = null, TimeProvider? time = null, ILogger<AvatarClient>? logger = null)
    {
        options ??= new AvatarClientOptions();
        _options = options.Problem() is { } problem ? throw new ArgumentException(problem, nameof(options)) : options with { };
        _fallback = FallbackBases.Of(_options);
        _time = time ?? TimeProvider.System;
        _telemetry = new AvatarTelemetry(logger);
        _discovery = new ServerDiscovery(Copy(_options.Discovery), _telemetry, _time);
        _fetch = new SafeFetch(_options.Fetch with { }, _time);
        _images = new ImageCache(_fetch, _options.Cache with { }, _telemetry, _time);
        _profiles = new ProfileCache(_fetch, FindServers, _telemetry, _time);
    }

    /// <summary>The name of the <see cref="System.Diagnostics.Metrics.Meter"/> and of the <see cref="System.Diagnostics.ActivitySource"/> of every client.</summary>
    public static string TelemetryName => AvatarTelemetry.Name;

    internal AvatarTelemetry Telemetry => _telemetry;

    /// <inheritdoc/>
    public AvatarLocation Locate(Address address, AvatarUrlOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        return Locate(_discovery.Recall(address.Domain, _options.Scheme), address, options);
    }

    /// <inheritdoc/>
    public async ValueTask<AvatarLocation> LocateAsync(Address address, AvatarUrlOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(address);
        return Locate(await _discovery.FindAsync(address.Domain, _options.Scheme, cancellationToken), address, options);
    }

    /// <inheritdoc/>
    public Task<AvatarResult> FetchAsync(Address address, AvatarUrlOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(address);
        return FetchAsync(address.Domain, server => AvatarUrl.Build(server, address, options), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<AvatarResult> FetchAsync(string domain, AddressHash hash, AvatarUrlOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(domain);
        return FetchAsync(domain, server => AvatarUrl.Build(server, hash, options), cancellationToken);
    }

    /// <inheritdoc/>
    public Task ResolveAsync(IEnumerable<Address> addresses, CancellationToken cancellationToken = default) =>
        _discovery.FindManyAsync(addresses.Select(address => address.Domain), _options.Scheme, cancellationToken);

    /// <inheritdoc/>
    public Task PrefetchAsync(IEnumerable<Address> addresses, AvatarUrlOptions? options = null, CancellationToken cancellationToken = default) =>
        Parallel.ForEachAsync(
            addresses.Distinct(),
            new ParallelOptions { MaxDegreeOfParallelism = MaxPrefetches, CancellationToken = cancellationToken },
            async (address, token) => await FetchAsync(address, options, token));

    /// <inheritdoc/>
    public PublicProfile? RecallProfile(Address address, bool useSha256 = false)
    {
        ArgumentNullException.ThrowIfNull(address);
        return _profiles.Recall(address.Domain, address.HashToAsk(useSha256));
    }

    /// <inheritdoc/>
    public Task<ProfileResult> FetchProfileAsync(Address address, bool useSha256 = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(address);
        return _profiles.Get(address.Domain, address.HashToAsk(useSha256), cancellationToken);
    }

    /// <inheritdoc/>
    public void Save() => _discovery.Save();

    /// <summary>Ends what is still being looked up and fetched.</summary>
    public void Dispose()
    {
        _discovery.Dispose();
        _fetch.Dispose();
        _telemetry.Dispose();
    }

    private async Task<AvatarResult> FetchAsync(string domain, Func<AvatarBase, string> write, CancellationToken cancellationToken)
    {
        using var activity = AvatarTelemetry.BeginFetch();
        var start = _time.GetTimestamp();
        var (servers, status) = await FindServers(domain, cancellationToken);
        AvatarResult? result = null;
        foreach (var server in servers)
        {
            result = AvatarResult.Of(await _images.Get(write(server), cancellationToken), server, status);
            if (result.Status is AvatarStatus.Found or AvatarStatus.None)
            {
                break;
            }
        }

        result ??= AvatarResult.Without(AvatarResult.WithoutServer(status), status);
        _telemetry.Got(activity, result, _time.GetElapsedTime(start));
        return result;
    }

    /// <summary>Those to try, in order.</summary>
    private async Task<(IEnumerable<AvatarBase> Servers, DiscoveryStatus Status)> FindServers(string domain, CancellationToken cancellationToken)
    {
        var found = await _discovery.FindAsync(domain, _options.Scheme, cancellationToken);
        return (ServersOf(found).Take(_options.MaxServers), found.Status);
    }

    private static DiscoveryOptions Copy(DiscoveryOptions options) => options with
    {
        Resolver = options.Resolver with { Servers = [.. options.Resolver.Servers] },
        AskedSpecialDomains = [.. options.AskedSpecialDomains],
    };

    private AvatarLocation Locate(FoundServers found, Address address, AvatarUrlOptions? options) =>
        ServersOf(found) is [var server, ..]
            ? new AvatarLocation(AvatarUrl.Build(server, address, options), server, found.Bases.IsEmpty, found.Status)
            : new AvatarLocation(null, null, false, found.Status);

    private IReadOnlyList<AvatarBase> ServersOf(FoundServers found)
    {
        if (!found.Bases.IsEmpty)
        {
            return found.Bases;
        }

        var isLeftOut = found.Status == DiscoveryStatus.Absent && _options.HonourAbsence;
        return !isLeftOut && _fallback.For(_options.Scheme) is { } fallback ? [fallback] : [];
    }
}
