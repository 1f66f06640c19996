using System.Collections.Concurrent;
using System.Globalization;
using Likeness.Http.Renditions;
using Likeness.Imaging;
using Likeness.Libravatar;
using Likeness.Libravatar.Fetching;
using Microsoft.Extensions.Logging;

namespace Likeness.Http.Gravatar;

/// <summary>
/// Asks Gravatar on the visitors' behalf (L-62): the hash and the size are all it learns. What comes is decoded and
/// encoded anew. Findings have memory of their own, so that made-up hashes push out nobody's picture.
/// </summary>
public sealed partial class GravatarProxy(
    GravatarOptions options,
    AvatarPainter painter,
    RenderAllowance allowance,
    HttpClock clock,
    TimeProvider time,
    ILogger<GravatarProxy> log) : IDisposable
{
    private const int MostMisses = 50_000;
    private static readonly TimeSpan LongestHit = TimeSpan.FromHours(1);

    private readonly Lazy<SafeFetch> _fetch = new(() => new SafeFetch(options.Fetch, time));
    private readonly SemaphoreSlim _slots = new(options.MostFetches);
    private readonly GenerationCache<RenditionKey, GravatarFinding> _hits = new(options.Memory, finding => finding.Weight);
    private readonly GenerationCache<string, GravatarFinding> _misses = new(MostMisses, _ => 1);
    private readonly ConcurrentDictionary<RenditionKey, Lazy<Task<GravatarFinding>>> _flights = new();

    private GravatarFinding Busy => new(null, default, HasFailed: true, clock.Seconds);

    public void Dispose()
    {
        if (_fetch.IsValueCreated)
        {
            _fetch.Value.Dispose();
        }

        _slots.Dispose();
    }

    /// <summary>Throws <see cref="TooManyRendersException"/> when the client has had its share of new pictures.</summary>
    internal async ValueTask<GravatarFinding> Find(AddressHash hash, RenditionWish wish, CancellationToken cancellation)
    {
        var key = RenditionKey.Of("gravatar", hash.Text, wish.Size, wish.Format ?? ImageFormat.Png) with { Letters = wish.Format?.Extension() };
        if ((_hits.TryGet(key, out var known) || _misses.TryGet(hash.Text, out known)) && clock.Seconds < known.Until)
        {
            return known;
        }

        allowance.Charge(wish.Client);
        var flight = _flights.GetOrAdd(key, _ => new Lazy<Task<GravatarFinding>>(() => Fly(key, hash, wish)));
        return await flight.Value.WaitAsync(cancellation);
    }

    // Not the asker's cancellation: others may be waiting for the same picture.
    private async Task<GravatarFinding> Fly(RenditionKey key, AddressHash hash, RenditionWish wish)
    {
        if (!await _slots.WaitAsync(TimeSpan.Zero))
        {
            _flights.TryRemove(key, out _);
            return Busy;
        }

        try
        {
            var finding = await Ask(hash, wish);
            if (finding.Rendition is not null)
            {
                _hits.Set(key, finding);
            }
            else
            {
                _misses.Set(hash.Text, finding);
            }

            return finding;
        }
        finally
        {
            _slots.Release();
            _flights.TryRemove(key, out _);
        }
    }

    private async Task<GravatarFinding> Ask(AddressHash hash, RenditionWish wish)
    {
        var source = new Uri(options.Base, string.Create(CultureInfo.InvariantCulture, $"avatar/{hash.Text}?s={wish.Size}&d=404&r=g"));
        switch (await _fetch.Value.Fetch(source, CancellationToken.None))
        {
            case FetchResult.Fetched { Image: var image }:
                return await Show(image, wish);
            case FetchResult.NotFound:
                return new GravatarFinding(null, default, HasFailed: false, After(options.MissLifetime));
            case var failed:
                Log.Failed(log, failed);
                return new GravatarFinding(null, default, HasFailed: true, After(options.FailureLifetime));
        }
    }

    private async Task<GravatarFinding> Show(FetchedImage image, RenditionWish wish)
    {
        try
        {
            var rendition = await painter.Foreign(image.Bytes, wish);
            var fresh = image.MaxAge is { } age && age > options.HitLifetime ? age : options.HitLifetime;
            return new GravatarFinding(
                rendition, image.LastModified ?? time.GetUtcNow(), HasFailed: false, After(fresh < LongestHit ? fresh : LongestHit));
        }
        catch (ImageRefusedException exception)
        {
            Log.Refused(log, exception.Message);
            return new GravatarFinding(null, default, HasFailed: false, After(options.MissLifetime));
        }
    }

    private long After(TimeSpan lifetime) => clock.Seconds + (long)lifetime.TotalSeconds;

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Gravatar could not be asked: {Result}")]
        public static partial void Failed(ILogger logger, FetchResult result);

        [LoggerMessage(2, LogLevel.Information, "A picture of Gravatar's is not shown: {Reason}")]
        public static partial void Refused(ILogger logger, string reason);
    }
}
