using System.Collections.Frozen;
using System.Globalization;
using Likeness.Http.Renditions;
using Likeness.Http.Resolving;
using Likeness.Imaging;
using Likeness.Libravatar;
using Microsoft.Extensions.Logging;

namespace Likeness.Http.Foreign;

/// <summary>
/// <c>/avatar/HASH?domain=example.org</c>: what that domain's own server shows, for applications that can only change a
/// base URL. Bytes, never redirects; decoded and encoded anew.
/// </summary>
internal sealed partial class GatewayResolver : IDisposable
{
    private readonly GatewayOptions _options;
    private readonly FrozenSet<string> _allowed;
    private readonly FrozenSet<string> _served;
    private readonly FrozenSet<string> _ownHosts;
    private readonly Painter _painter;
    private readonly HttpClock _clock;
    private readonly TimeProvider _time;
    private readonly ILogger<GatewayResolver> _log;
    private readonly Lazy<AvatarClient> _client;
    private readonly ForeignPictures _pictures;

    public GatewayResolver(
        AvatarOptions avatars,
        DomainPolicies policies,
        Painter painter,
        RenderQueue queue,
        HttpClock clock,
        TimeProvider time,
        ILogger<GatewayResolver> log)
    {
        (_options, _painter, _clock, _time, _log) = (avatars.Gateway, painter, clock, time, log);
        _allowed = _options.Domains.ToFrozenSet(StringComparer.Ordinal);
        _served = policies.All.Select(policy => Ascii(policy.Domain)).OfType<string>().ToFrozenSet(StringComparer.Ordinal);
        _ownHosts = policies.All.SelectMany(DomainPolicies.HostsOf).Append(avatars.PublicUrl?.IdnHost ?? "").ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        _pictures = new ForeignPictures(_options.Memory, _options.MaxFetches, queue, clock);
        var mayVisit = _options.Client.Fetch.MayVisit;

        // A stranger's server may have any name but ours.
        var rules = _options.Client.Fetch with { MayVisit = host => !_ownHosts.Contains(host) && mayVisit(host) };
        _client = new Lazy<AvatarClient>(() => new AvatarClient(_options.Client with { Fetch = rules }, time));
    }

    public ValueTask<Subject?> Resolve(AvatarRequest request, CancellationToken cancellationToken) => new(
        !request.IsRelayed && request.Query.Hash is { } hash && Read(request.Query.Domain) is { } domain
            ? new Subject.Elsewhere("gateway", cancellationToken => Find(domain, hash, request.Wish, cancellationToken))
            : null);

    public void Dispose()
    {
        if (_client.IsValueCreated)
        {
            _client.Value.Dispose();
        }

        _pictures.Dispose();
    }

    /// <summary>The domain to look up; null when it must not be: not allowed, or our own.</summary>
    private string? Read(string? asked) =>
        _options.IsOn && Ascii(asked) is { } domain && !_served.Contains(domain) && (_allowed.Count == 0 || _allowed.Contains(domain)) ? domain : null;

    private static string? Ascii(string? domain)
    {
        try
        {
            return domain is not null && HostSanity.TryClean(new IdnMapping().GetAscii(domain.TrimEnd('.')), out var host) ? host : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private ValueTask<ForeignFinding> Find(string domain, AddressHash hash, RenditionWish wish, CancellationToken cancellationToken)
    {
        var whose = $"{domain}/{hash.Text}";
        var key = RenditionKey.Of("gateway", whose, wish.Size, wish.Format ?? ImageFormat.Png) with { Letters = wish.Format?.Extension() };
        return _pictures.Find(key, whose, wish.Client, () => Ask(domain, hash, wish), cancellationToken);
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
