using System.Collections.Concurrent;
using Likeness.Libravatar.Resolving;

namespace Likeness.Libravatar.Discovery;

/// <summary>The servers behind service names, remembered; one look-up in flight per name.</summary>
internal sealed class ServiceCache(DnsResolver resolver, DiscoveryOptions options, AvatarTelemetry telemetry, TimeProvider time) : IDisposable
{
    private readonly RecentCache<string, ServiceEntry> _entries = new(options.Capacity, static _ => 1);
    private readonly ConcurrentDictionary<string, Lazy<Task<ServiceEntry>>> _running = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _places = new(options.MaxConcurrent);
    private readonly CancellationTokenSource _end = new();

    /// <summary>What is remembered, stale or not; null when nothing is. Begins a look-up when that is due, and does not wait for it.</summary>
    public ServiceEntry? Recall(string name)
    {
        var known = Known(name);
        if (!IsFresh(known))
        {
            Refresh(name);
        }

        return known;
    }

    /// <summary>What is remembered, else what the look-up finds.</summary>
    public Task<ServiceEntry> Find(string name)
    {
        var known = Known(name);
        var looking = IsFresh(known) ? null : Refresh(name);
        return known is null ? looking! : Task.FromResult(known);
    }

    /// <summary>Puts in what was remembered elsewhere.</summary>
    public void Restore(string name, ServiceEntry entry) => _entries.Set(name, entry);

    /// <summary>Least recently used first.</summary>
    public IReadOnlyList<(string Name, ServiceEntry Entry)> Everything() => _entries.ToList();

    /// <summary>Ends what is in flight; who still waits for it finds nothing.</summary>
    public void Dispose() => _end.Cancel();

    private ServiceEntry? Known(string name) => _entries.TryGet(name, out var entry) && time.GetUtcNow() < entry.UsableUntil ? entry : null;

    private bool IsFresh(ServiceEntry? entry) => entry is not null && time.GetUtcNow() < entry.Expires;

    private Task<ServiceEntry> Refresh(string name)
    {
        if (_running.Count >= options.MaxWaiting && !_running.ContainsKey(name))
        {
            return Task.FromResult(ServiceEntry.Pending);
        }

        return _running.GetOrAdd(name, static (key, cache) => new Lazy<Task<ServiceEntry>>(() => cache.LookUp(key)), this).Value;
    }

    private async Task<ServiceEntry> LookUp(string name)
    {
        // The caller that happens to be first goes on at once.
        await Task.Yield();
        try
        {
            // Who missed the cache just before the last look-up ended must not ask again.
            if (Known(name) is { } known && IsFresh(known))
            {
                return known;
            }

            await _places.WaitAsync(_end.Token);
            try
            {
                var start = time.GetTimestamp();
                var entry = Entry(name, await resolver.AskAsync(new DnsQuestion(name, DnsType.Srv), _end.Token));
                telemetry.LookedUp(entry.Status, time.GetElapsedTime(start));
                _entries.Set(name, entry);
                return entry;
            }
            finally
            {
                _places.Release();
            }
        }
        catch (OperationCanceledException)
        {
            return ServiceEntry.Pending;
        }
        finally
        {
            _running.TryRemove(name, out _);
        }
    }

    private ServiceEntry Entry(string name, DnsAnswer answer)
    {
        var now = time.GetUtcNow();
        if (answer.Status == DnsStatus.Failed)
        {
            var again = now + options.FailureTime;
            return Known(name) is { } old ? old with { Expires = again } : new ServiceEntry(DiscoveryStatus.Failed, [], again, again);
        }

        var bases = ServiceServers.Read(answer.Records, ServiceName.IsSecure(name), ServiceServers.SteadyChoice(answer.Records));
        var most = bases.IsEmpty ? options.MaxNegativeTime : options.MaxTime;
        var kept = Clamp(answer.TimeToLive ?? options.MinTime, options.MinTime, most);
        var status = !bases.IsEmpty ? DiscoveryStatus.Found : ServiceServers.IsAbsent(answer.Records) ? DiscoveryStatus.Absent : DiscoveryStatus.None;
        return new ServiceEntry(status, bases, now + kept, now + kept + options.StaleTime);
    }

    private static TimeSpan Clamp(TimeSpan time, TimeSpan least, TimeSpan most) => time > most ? most : time < least ? least : time;
}
