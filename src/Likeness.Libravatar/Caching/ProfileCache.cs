using System.Collections.Concurrent;
using Likeness.Libravatar.Discovery;
using Likeness.Libravatar.Fetching;

namespace Likeness.Libravatar.Caching;

/// <summary>Profiles by person. Unlike a picture, a profile that cannot be asked for again is not told any longer: a name that was taken back should go.</summary>
internal sealed class ProfileCache(SafeFetch fetch, Func<string, CancellationToken, Task<(IEnumerable<AvatarBase> Servers, DiscoveryStatus Status)>> find, AvatarTelemetry telemetry, TimeProvider time)
{
    /// <summary>Bytes of profiles in memory.</summary>
    internal const int MemoryBytes = 4 * 1024 * 1024;

    /// <summary>Requests that pages begin without waiting for them, at a time; further ones begin with the next page.</summary>
    internal const int MaxAhead = 64;

    private const int Overhead = 512;

    private static readonly TimeSpan DefaultTime = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan MinTime = TimeSpan.FromMinutes(1);

    /// <summary>The most time an answer is told after it was given.</summary>
    private static readonly TimeSpan MaxTime = TimeSpan.FromHours(1);

    private readonly RecentCache<string, Entry> _entries = new(MemoryBytes, static entry => entry.Weight);
    private readonly ConcurrentDictionary<string, Lazy<Task<ProfileResult>>> _running = new(StringComparer.Ordinal);

    /// <summary>What is known; asks for the next time.</summary>
    public PublicProfile? Recall(string domain, AddressHash hash)
    {
        var now = time.GetUtcNow();
        var entry = _entries.TryGet(Key(domain, hash), out var known) ? known : null;
        if ((entry is null || now >= entry.Expires) && _running.Count < MaxAhead)
        {
            _ = Ahead(Begin(domain, hash));
        }

        return entry is not null && now < entry.UsableUntil ? entry.Result.Profile : null;
    }

    /// <summary>Goes on when this caller gives up, for the others.</summary>
    public Task<ProfileResult> Get(string domain, AddressHash hash, CancellationToken cancellationToken) =>
        _entries.TryGet(Key(domain, hash), out var entry) && time.GetUtcNow() < entry.Expires
            ? Task.FromResult(entry.Result)
            : Begin(domain, hash).WaitAsync(cancellationToken);

    private static string Key(string domain, AddressHash hash) => $"{domain}/{hash.Text}";

    private static async Task Ahead(Task running)
    {
        try
        {
            await running;
        }
        catch (Exception exception) when (exception is ObjectDisposedException or OperationCanceledException)
        {
            // The client was disposed meanwhile, and nobody waits for this.
        }
    }

    private Task<ProfileResult> Begin(string domain, AddressHash hash) =>
        _running.GetOrAdd(Key(domain, hash), key => new Lazy<Task<ProfileResult>>(() => Refresh(key, domain, hash))).Value;

    private async Task<ProfileResult> Refresh(string key, string domain, AddressHash hash)
    {
        // The caller that happens to be first can give up like the others.
        await Task.Yield();
        try
        {
            if (_entries.TryGet(key, out var old) && time.GetUtcNow() < old.Expires)
            {
                return old.Result;
            }

            var entry = await Ask(domain, hash, old);
            _entries.Set(key, entry);
            return entry.Result;
        }
        finally
        {
            _running.TryRemove(key, out _);
        }
    }

    private async Task<Entry> Ask(string domain, AddressHash hash, Entry? old)
    {
        var (servers, status) = await find(domain, CancellationToken.None);
        Entry? entry = null;
        foreach (var server in servers)
        {
            entry = await Ask(server, hash, old?.Result is { Profile: not null } && old.Result.Server == server ? old : null);
            if (entry.Result.Status is AvatarStatus.Found or AvatarStatus.None)
            {
                break;
            }
        }

        return entry ?? Kept(new ProfileResult(AvatarResult.WithoutServer(status)), MinTime);
    }

    private async Task<Entry> Ask(AvatarBase server, AddressHash hash, Entry? old)
    {
        var request = new FetchRequest(new Uri($"{server.Text}/{hash.Text}.json")) { EntityTag = old?.EntityTag, MaxDocumentBytes = PublicProfile.MaxBytes };
        var result = await fetch.FetchAsync(request);
        telemetry.AskedForProfile(request.Source, result);
        return result switch
        {
            FetchResult.Document document when PublicProfile.TryRead(document.Bytes, out var profile) =>
                Kept(new ProfileResult(profile is null ? AvatarStatus.None : AvatarStatus.Found) { Profile = profile, Server = server }, document.MaxAge, document.EntityTag),
            FetchResult.Document => Kept(new ProfileResult(AvatarStatus.Refused) { Server = server, Refusal = FetchRefusal.NotAProfile }, DefaultTime),
            FetchResult.NotModified still when old is not null => Kept(old.Result, still.MaxAge, old.EntityTag),
            FetchResult.NotFound none => Kept(new ProfileResult(AvatarStatus.None) { Server = server }, none.MaxAge),
            FetchResult.Refused { Reason: var reason } => Kept(new ProfileResult(AvatarStatus.Refused) { Server = server, Refusal = reason }, DefaultTime),
            FetchResult.Failed { Reason: var reason, Status: var code } => Kept(new ProfileResult(AvatarStatus.Failed) { Server = server, Failure = reason, HttpStatus = code }, MinTime),
            _ => throw new InvalidOperationException("What was not asked for as a picture is none, and what has no validators is not unmodified."),
        };
    }

    private Entry Kept(ProfileResult result, TimeSpan? fresh, string? tag = null)
    {
        var now = time.GetUtcNow();
        var wanted = fresh ?? DefaultTime;
        return new Entry(result, tag, now + (wanted > MaxTime ? MaxTime : wanted < MinTime ? MinTime : wanted), now + MaxTime);
    }

    /// <param name="Expires">When it is asked again.</param>
    /// <param name="UsableUntil">How long it is told while it is asked again.</param>
    private sealed record Entry(ProfileResult Result, string? EntityTag, DateTimeOffset Expires, DateTimeOffset UsableUntil)
    {
        public long Weight { get; } = Overhead + (EntityTag?.Length * 2L ?? 0)
            + (Result.Profile is { } profile ? (profile.Name.Length * 2) + profile.Links.Sum(link => Overhead + (2L * (link.Url.AbsoluteUri.Length + link.Title.Length))) : 0);
    }
}
