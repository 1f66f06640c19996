using System.Collections.Frozen;
using System.Globalization;
using Likeness.Http.Renditions;
using Likeness.Http.Resolving;
using Likeness.Imaging;
using Likeness.Libravatar;
using Likeness.Libravatar.Fetching;
using Microsoft.Extensions.Logging;

namespace Likeness.Http.Foreign;

/// <summary>
/// Row 4 of the decision order: what Gravatar shows for people who show nothing here, where the domain wants that.
/// It is asked on the visitors' behalf: the hash and the size are all it learns, and what comes is decoded and encoded anew; or
/// browsers are sent there, by a URL of which every part is written here.
/// </summary>
internal sealed partial class GravatarResolver(
    AvatarOptions avatars,
    Painter painter,
    RenderQueue queue,
    HttpClock clock,
    TimeProvider time,
    ILogger<GravatarResolver> log) : IDisposable
{
    private static readonly TimeSpan LongestHit = TimeSpan.FromHours(1);

    private static readonly FrozenSet<string> Known = new[]
    {
        DefaultKeywords.NotFound, DefaultKeywords.MysteryPerson, DefaultKeywords.Identicon, DefaultKeywords.MonsterId, DefaultKeywords.Wavatar,
        DefaultKeywords.Retro, DefaultKeywords.Robohash, DefaultKeywords.Blank,
    }.ToFrozenSet(StringComparer.Ordinal);

    private readonly GravatarOptions _options = avatars.Gravatar;
    private readonly Lazy<SafeFetch> _fetch = new(() => new SafeFetch(avatars.Gravatar.Fetch, time));
    private readonly ForeignPictures _pictures = new(avatars.Gravatar.Memory, avatars.Gravatar.MaxFetches, queue, clock);

    public ValueTask<Subject?> Resolve(AvatarRequest request, CancellationToken cancellationToken) => new(Subject(request));

    public void Dispose()
    {
        if (_fetch.IsValueCreated)
        {
            _fetch.Value.Dispose();
        }

        _pictures.Dispose();
    }

    private Subject? Subject(AvatarRequest request)
    {
        var (policy, query) = (request.Site.Policy, request.Query);
        if (policy.Gravatar == GravatarMode.Off || query.Hash is not { } hash || (!policy.Md5 && !hash.IsSha256))
        {
            return null;
        }

        if (policy.Gravatar == GravatarMode.Redirect || query.GravatarRedirect)
        {
            return new Subject.Redirect(RedirectTo(hash, query, policy), "gravatar");
        }

        return query.NoGravatarProxy ? null : new Subject.Elsewhere("gravatar", cancellationToken => Find(hash, request.Wish, cancellationToken));
    }

    private ValueTask<ForeignFinding> Find(AddressHash hash, RenditionWish wish, CancellationToken cancellationToken)
    {
        var key = RenditionKey.Of("gravatar", hash.Text, wish.Size, wish.Format ?? ImageFormat.Png) with { Letters = wish.Format?.Extension() };
        return _pictures.Find(key, hash.Text, wish.Client, () => Ask(hash, wish), cancellationToken);
    }

    private async Task<ForeignFinding> Ask(AddressHash hash, RenditionWish wish)
    {
        var source = new Uri(_options.Base, string.Create(CultureInfo.InvariantCulture, $"avatar/{hash.Text}?s={wish.Size}&d=404&r=g"));
        switch (await _fetch.Value.FetchAsync(source, CancellationToken.None))
        {
            case FetchResult.Fetched { Image: var image }:
                return await Show(image, wish);
            case FetchResult.NotFound:
                return new ForeignFinding(null, default, HasFailed: false, After(_options.MissLifetime));
            case var failed:
                Log.Failed(log, failed);
                return new ForeignFinding(null, default, HasFailed: true, After(_options.FailureLifetime));
        }
    }

    private async Task<ForeignFinding> Show(FetchedImage image, RenditionWish wish)
    {
        try
        {
            var rendition = await painter.Foreign(image.Bytes, wish);
            var fresh = image.MaxAge is { } age && age > _options.HitLifetime ? age : _options.HitLifetime;
            return new ForeignFinding(
                rendition, image.LastModified ?? time.GetUtcNow(), HasFailed: false, After(fresh < LongestHit ? fresh : LongestHit));
        }
        catch (ImageRefusedException exception)
        {
            Log.Refused(log, exception.Message);
            return new ForeignFinding(null, default, HasFailed: false, After(_options.MissLifetime));
        }
    }

    private long After(TimeSpan lifetime) => clock.Seconds + (long)lifetime.TotalSeconds;

    private string RedirectTo(AddressHash hash, AvatarQuery query, DomainPolicy policy)
    {
        var name = Keyword(query.Default) ?? Keyword(policy.DefaultFace) ?? OwnDefault(query.Size) ?? DefaultKeywords.MysteryPerson;
        var target = string.Create(CultureInfo.InvariantCulture, $"avatar/{hash.Text}?s={query.Size}&r=g&d={Uri.EscapeDataString(name)}");
        return new Uri(_options.Base, target).AbsoluteUri;
    }

    private static string? Keyword(string? name) => name switch
    {
        null => null,
        DefaultKeywords.MysteryMan => DefaultKeywords.MysteryPerson,
        _ => Known.Contains(name) ? name : null,
    };

    // Gravatar takes no query and no unusual port.
    private string? OwnDefault(int size) => avatars.PublicUrl is { IsDefaultPort: true } url
        ? string.Create(CultureInfo.InvariantCulture, $"{url.AbsoluteUri.TrimEnd('/')}/static/defaults/nobody.{Math.Min(size, 512)}.jpg")
        : null;

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Gravatar could not be asked: {Result}")]
        public static partial void Failed(ILogger logger, FetchResult result);

        [LoggerMessage(2, LogLevel.Information, "A picture of Gravatar's is not shown: {Reason}")]
        public static partial void Refused(ILogger logger, string reason);
    }
}
