using Likeness.Http.Foreign;
using Likeness.Http.Renditions;
using Likeness.Imaging;
using Likeness.Libravatar;
using Microsoft.Extensions.Logging;

namespace Likeness.Http.Gateway;

/// <summary>
/// <c>/avatar/HASH?domain=example.org</c>: what that domain's own server shows, for applications that can only change a
/// base URL (L-8D). Bytes, never redirects; decoded and encoded anew.
/// </summary>
public sealed partial class GatewayFallback : IDisposable
{
    private readonly GatewayOptions _options;
    private readonly GatewayDomains _domains;
    private readonly AvatarPainter _painter;
    private readonly HttpClock _clock;
    private readonly TimeProvider _time;
    private readonly ILogger<GatewayFallback> _log;
    private readonly Lazy<AvatarClient> _client;
    private readonly ForeignPictures _pictures;

    public GatewayFallback(
        GatewayOptions options,
        AvatarOptions avatars,
        DomainPolicies policies,
        AvatarPainter painter,
        RenderAllowance allowance,
        HttpClock clock,
        TimeProvider time,
        ILogger<GatewayFallback> log)
    {
        (_options, _painter, _clock, _time, _log) = (options, painter, clock, time, log);
        _domains = new GatewayDomains(options, policies, avatars);
        _pictures = new ForeignPictures(options.Memory, options.MaxFetches, allowance, clock);
        var mayVisit = options.Client.Fetch.MayVisit;
        var rules = options.Client.Fetch with { MayVisit = host => _domains.MayVisit(host) && mayVisit(host) };
        _client = new Lazy<AvatarClient>(() => new AvatarClient(options.Client with { Fetch = rules }, time));
    }

    public void Dispose()
    {
        if (_client.IsValueCreated)
        {
            _client.Value.Dispose();
        }

        _pictures.Dispose();
    }

    /// <summary>Null answer: somebody else's turn. Short: the server could not be asked just now, or has nothing.</summary>
    internal async ValueTask<(AvatarAnswer? Answer, bool IsShort)> Answer(AvatarRequest request, AvatarQuery query, AnswerLife life, CancellationToken cancellationToken)
    {
        if (query.ForceDefault || request.IsRelayed || query.Hash is not { } hash || _domains.Read(query.Domain) is not { } domain)
        {
            return default;
        }

        var wish = new RenditionWish(query.Size, AvatarEndpoint.ImageFormatOf(query.Format), request.Client);
        var whose = $"{domain}/{hash.Text}";
        var key = RenditionKey.Of("gateway", whose, wish.Size, wish.Format ?? ImageFormat.Png) with { Letters = wish.Format?.Extension() };
        var finding = await _pictures.Find(key, whose, wish.Client, () => Ask(domain, hash, wish), cancellationToken);
        return finding.Rendition is { } rendition
            ? (request.Site.Answers.Gateway(rendition, finding.Changed, life), false)
            : (null, finding.HasFailed);
    }

    private async Task<ForeignFinding> Ask(string domain, AddressHash hash, RenditionWish wish)
    {
        var options = new AvatarUrlOptions { Size = wish.Size, Default = DefaultKeywords.NotFound };
        if (await _client.Value.FetchAsync(domain, hash, options, CancellationToken.None) is not { Image: { } image })
        {
            return Missing;
        }

        try
        {
            var rendition = await _painter.Foreign(image.Bytes, wish);
            return new ForeignFinding(rendition, image.LastModified ?? _time.GetUtcNow(), HasFailed: false, After(_options.HitLifetime));
        }
        catch (ImageRefusedException exception)
        {
            Log.Refused(_log, domain, exception.Message);
            return Missing;
        }
    }

    private ForeignFinding Missing => new(null, default, HasFailed: true, After(_options.MissLifetime));

    private long After(TimeSpan lifetime) => _clock.Seconds + (long)lifetime.TotalSeconds;

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "A picture of {Domain} is not shown: {Reason}")]
        public static partial void Refused(ILogger logger, string domain, string reason);
    }
}
