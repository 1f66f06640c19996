using System.Globalization;
using Likeness.Http.Foreign;
using Likeness.Http.Renditions;
using Likeness.Imaging;
using Likeness.Libravatar;
using Likeness.Libravatar.Fetching;
using Microsoft.Extensions.Logging;

namespace Likeness.Http.Gravatar;

/// <summary>
/// Asks Gravatar on the visitors' behalf (L-62): the hash and the size are all it learns. What comes is decoded and
/// encoded anew.
/// </summary>
public sealed partial class GravatarProxy(
    GravatarOptions options,
    AvatarPainter painter,
    RenderAllowance allowance,
    HttpClock clock,
    TimeProvider time,
    ILogger<GravatarProxy> log) : IDisposable
{
    private static readonly TimeSpan LongestHit = TimeSpan.FromHours(1);

    private readonly Lazy<SafeFetch> _fetch = new(() => new SafeFetch(options.Fetch, time));
    private readonly ForeignPictures _pictures = new(options.Memory, options.MaxFetches, allowance, clock);

    public void Dispose()
    {
        if (_fetch.IsValueCreated)
        {
            _fetch.Value.Dispose();
        }

        _pictures.Dispose();
    }

    /// <summary>Throws <see cref="TooManyRendersException"/> when the client has had its share of new pictures.</summary>
    internal ValueTask<ForeignFinding> Find(AddressHash hash, RenditionWish wish, CancellationToken cancellationToken)
    {
        var key = RenditionKey.Of("gravatar", hash.Text, wish.Size, wish.Format ?? ImageFormat.Png) with { Letters = wish.Format?.Extension() };
        return _pictures.Find(key, hash.Text, wish.Client, () => Ask(hash, wish), cancellationToken);
    }

    private async Task<ForeignFinding> Ask(AddressHash hash, RenditionWish wish)
    {
        var source = new Uri(options.Base, string.Create(CultureInfo.InvariantCulture, $"avatar/{hash.Text}?s={wish.Size}&d=404&r=g"));
        switch (await _fetch.Value.FetchAsync(source, CancellationToken.None))
        {
            case FetchResult.Fetched { Image: var image }:
                return await Show(image, wish);
            case FetchResult.NotFound:
                return new ForeignFinding(null, default, HasFailed: false, After(options.MissLifetime));
            case var failed:
                Log.Failed(log, failed);
                return new ForeignFinding(null, default, HasFailed: true, After(options.FailureLifetime));
        }
    }

    private async Task<ForeignFinding> Show(FetchedImage image, RenditionWish wish)
    {
        try
        {
            var rendition = await painter.Foreign(image.Bytes, wish);
            var fresh = image.MaxAge is { } age && age > options.HitLifetime ? age : options.HitLifetime;
            return new ForeignFinding(
                rendition, image.LastModified ?? time.GetUtcNow(), HasFailed: false, After(fresh < LongestHit ? fresh : LongestHit));
        }
        catch (ImageRefusedException exception)
        {
            Log.Refused(log, exception.Message);
            return new ForeignFinding(null, default, HasFailed: false, After(options.MissLifetime));
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
