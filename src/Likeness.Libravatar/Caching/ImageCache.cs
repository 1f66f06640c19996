using System.Collections.Concurrent;
using Likeness.Libravatar.Fetching;

namespace Likeness.Libravatar.Caching;

/// <summary>Pictures by URL: asked once at a time, again only when they are stale and then by their validators; a failure shows the old picture.</summary>
internal sealed class ImageCache(SafeFetch fetch, ImageCacheOptions options, AvatarTelemetry telemetry, TimeProvider time)
{
    private readonly RecentCache<string, ImageEntry> _entries = new(options.MemoryBytes, static entry => entry.Weight);
    private readonly ConcurrentDictionary<string, Lazy<Task<FetchResult>>> _running = new(StringComparer.Ordinal);
    private readonly ImageFolder? _folder = options.Folder is { } folder ? new ImageFolder(folder, options.FolderBytes) : null;

    /// <summary>Never <see cref="FetchResult.NotModified"/>. The fetch goes on when this caller gives up, for the others.</summary>
    public Task<FetchResult> Get(string url, CancellationToken cancellationToken) =>
        _entries.TryGet(url, out var entry) && time.GetUtcNow() < entry.Expires
            ? Task.FromResult(entry.Result)
            : _running.GetOrAdd(url, static (key, cache) => new Lazy<Task<FetchResult>>(() => cache.Refresh(key)), this).Value.WaitAsync(cancellationToken);

    private async Task<FetchResult> Refresh(string url)
    {
        // The caller that happens to be first can give up like the others.
        await Task.Yield();
        try
        {
            var old = _entries.TryGet(url, out var kept) ? kept : _folder?.Read(url);
            var now = time.GetUtcNow();
            var entry = old is not null && now < old.Expires ? old : await Ask(url, old);
            _entries.Set(url, entry);
            if (entry.Image is not null && entry != old)
            {
                _folder?.Write(url, entry);
            }

            return entry.Result;
        }
        finally
        {
            _running.TryRemove(url, out _);
        }
    }

    private async Task<ImageEntry> Ask(string url, ImageEntry? old)
    {
        var request = new FetchRequest(new Uri(url)) { EntityTag = old?.Image?.EntityTag, LastModified = old?.Image?.LastModified };
        var result = await fetch.FetchAsync(request);
        var now = time.GetUtcNow();
        telemetry.Asked(request.Source, result);
        return result switch
        {
            FetchResult.Fetched fetched => Fresh(result, fetched.Image.MaxAge, now),
            FetchResult.NotFound none => Fresh(result, none.MaxAge, now),
            FetchResult.NotModified still when old?.Image is not null => Fresh(old.Result, still.MaxAge, now),
            _ when old?.Image is not null && now < old.UsableUntil => old with { Expires = now + options.FailureTime },
            _ => new ImageEntry(result, now + options.FailureTime, now + options.FailureTime),
        };
    }

    private ImageEntry Fresh(FetchResult result, TimeSpan? maxAge, DateTimeOffset now)
    {
        var wanted = maxAge ?? options.DefaultTime;
        var kept = wanted > options.MaxTime ? options.MaxTime : wanted < options.MinTime ? options.MinTime : wanted;
        return new ImageEntry(result, now + kept, now + kept + options.StaleTime);
    }
}
