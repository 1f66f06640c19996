using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;
using Likeness.Libravatar.Discovery;
using Likeness.Libravatar.Fetching;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Likeness.Libravatar;

/// <summary>What one client says of its work. Addresses, hashes and the domains of people stand in no metric, no trace and no log line above Debug.</summary>
internal sealed partial class AvatarTelemetry : IDisposable
{
    public const string Name = "Likeness.Libravatar";

    /// <summary>Servers whose state is remembered, so that each failure and each recovery is one line.</summary>
    private const int MaxServers = 1_000;

    private static readonly string? Version = typeof(AvatarTelemetry).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
    private static readonly ActivitySource Source = new(Name, Version);

    private readonly ILogger _log;
    private readonly Meter _meter;
    private readonly Counter<long> _lookups;
    private readonly Histogram<double> _lookupSeconds;
    private readonly Counter<long> _avatars;
    private readonly Histogram<double> _avatarSeconds;
    private readonly Counter<long> _requests;
    private readonly Counter<long> _profileRequests;
    private readonly RecentCache<string, bool> _failing = new(MaxServers, static _ => 1);

    public AvatarTelemetry(ILogger? log)
    {
        _log = log ?? NullLogger.Instance;
        _meter = new Meter(new MeterOptions(Name) { Version = Version, Scope = this });
        _lookups = _meter.CreateCounter<long>("likeness.discovery.lookups", "{lookup}", "SRV look-ups of domains, by what DNS said.");
        _lookupSeconds = _meter.CreateHistogram<double>("likeness.discovery.duration", "s", "How long SRV look-ups took.");
        _avatars = _meter.CreateCounter<long>("likeness.avatars", "{avatar}", "Avatars asked for, by what came of it; from caches too.");
        _avatarSeconds = _meter.CreateHistogram<double>("likeness.avatars.duration", "s", "How long callers waited for avatars.");
        _requests = _meter.CreateCounter<long>("likeness.avatar.requests", "{request}", "Requests to avatar servers, by result.");
        _profileRequests = _meter.CreateCounter<long>("likeness.profile.requests", "{request}", "Requests for profiles, by result.");
    }

    /// <summary>Says nothing.</summary>
    public static AvatarTelemetry None { get; } = new(null);

    public static Activity? BeginFetch() => Source.StartActivity("avatar.fetch", ActivityKind.Client);

    public void LookedUp(DiscoveryStatus status, TimeSpan elapsed)
    {
        var tag = new KeyValuePair<string, object?>("status", status.ToString());
        _lookups.Add(1, tag);
        _lookupSeconds.Record(elapsed.TotalSeconds, tag);
    }

    public void Got(Activity? activity, AvatarResult result, TimeSpan elapsed)
    {
        var tag = new KeyValuePair<string, object?>("status", result.Status.ToString());
        _avatars.Add(1, tag);
        _avatarSeconds.Record(elapsed.TotalSeconds, tag);
        if (activity is not null)
        {
            activity.SetTag("likeness.status", tag.Value);
            activity.SetTag("likeness.discovery", result.Discovery.ToString());
            activity.SetStatus(result.Status is AvatarStatus.Failed or AvatarStatus.DnsFailed or AvatarStatus.Refused ? ActivityStatusCode.Error : ActivityStatusCode.Ok, result.Failure?.ToString() ?? result.Refusal?.ToString());
        }
    }

    /// <summary>One request to a server. Its failures and recoveries are told once each.</summary>
    public void Asked(Uri url, FetchResult result)
    {
        var reason = Count(_requests, url, result);
        var server = url.GetLeftPart(UriPartial.Authority);
        var fails = reason is not null;
        var failed = _failing.TryGet(server, out var before) && before;
        if (fails != failed)
        {
            _failing.Set(server, fails);
            if (fails)
            {
                Log.ServerFails(_log, server, reason!);
            }
            else
            {
                Log.ServerWorks(_log, server);
            }
        }
    }

    /// <summary>One request for a profile. Many avatar servers have none, and say so in ways of their own: that is no failure to tell of.</summary>
    public void AskedForProfile(Uri url, FetchResult result) => Count(_profileRequests, url, result);

    public void ResolverPaused(string resolver, TimeSpan pause) => Log.ResolverPaused(_log, resolver, pause.TotalSeconds);

    public void Dispose() => _meter.Dispose();

    /// <summary>Says what was wrong; null: nothing.</summary>
    private string? Count(Counter<long> requests, Uri url, FetchResult result)
    {
        var (kind, reason) = result switch
        {
            FetchResult.Failed { Reason: FetchFailure.Status, Status: var status } => ("Failed", $"HTTP status {status}"),
            FetchResult.Failed { Reason: var failure } => ("Failed", failure.ToString()),
            FetchResult.Refused { Reason: var refusal } => ("Refused", refusal.ToString()),
            _ => (result.GetType().Name, null),
        };
        requests.Add(1, new KeyValuePair<string, object?>("result", kind));
        if (_log.IsEnabled(LogLevel.Debug))
        {
            Log.Asked(_log, url, kind, reason);
        }

        return reason;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "{Url} gave {Result} {Reason}")]
        public static partial void Asked(ILogger logger, Uri url, string result, string? reason);

        [LoggerMessage(2, LogLevel.Information, "The avatar server {Server} fails ({Reason}); further failures of it are not told until it works again.")]
        public static partial void ServerFails(ILogger logger, string server, string reason);

        [LoggerMessage(3, LogLevel.Information, "The avatar server {Server} works again.")]
        public static partial void ServerWorks(ILogger logger, string server);

        [LoggerMessage(4, LogLevel.Warning, "The DNS resolver {Resolver} does not answer; it is left alone for {Seconds} seconds.")]
        public static partial void ResolverPaused(ILogger logger, string resolver, double seconds);
    }
}
