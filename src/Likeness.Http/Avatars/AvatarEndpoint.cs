using System.Diagnostics.CodeAnalysis;
using Likeness.Http.Gateway;
using Likeness.Http.Gravatar;
using Likeness.Http.Renditions;
using Likeness.Imaging;
using Likeness.Libravatar;
using Microsoft.Extensions.Logging;

namespace Likeness.Http;

/// <summary>The full answer to any avatar request, by the decision order of the protocol (table 2.3).</summary>
public sealed partial class AvatarEndpoint(
    PreparedAnswers prepared,
    AvatarSites sites,
    PublicPortraits portraits,
    GatewayFallback gateway,
    GravatarFallback gravatar,
    DefaultAvatars defaults,
    PortraitVersions versions,
    ILogger<AvatarEndpoint> log)
{
    /// <summary>The answer prepared for exactly this request, if it is still true. Allocates nothing.</summary>
    public bool TryRecall(in AvatarRequest request, [NotNullWhen(true)] out AvatarAnswer? answer) => prepared.TryRecall(request.Key, out answer);

    /// <summary>Decides about a GET or HEAD, renders if need be, and remembers the answer.</summary>
    public async ValueTask<AvatarAnswer> Prepare(AvatarRequest request, CancellationToken cancellationToken = default)
    {
        if (!request.TryRead(request.Site.Policy.Sizes, out var query))
        {
            return request.Site.Answers.MissingHash;
        }

        try
        {
            var answer = await Decide(request, query, cancellationToken);
            if (!request.IsRelayed || query.Domain is null)
            {
                prepared.Offer(request.Key, answer);
            }

            return answer;
        }
        catch (RenderUnavailableException exception)
        {
            Log.NoRenderer(log, exception.Message);
            return request.Site.Answers.Busy;
        }
        catch (TooManyRendersException exception)
        {
            return request.Site.Answers.TooManyRenders(exception.RetryAfter);
        }
    }

    /// <summary>The answer to any other method: what OPTIONS tells (L-55), or a refusal (L-54).</summary>
    public AvatarAnswer OtherMethod(string method, AvatarSite site) =>
        method == "OPTIONS" ? site.Answers.Capabilities(defaults.Names) : site.Answers.MethodNotAllowed;

    private async ValueTask<AvatarAnswer> Decide(AvatarRequest request, AvatarQuery query, CancellationToken cancellationToken)
    {
        var expires = prepared.Expiry;
        var version = versions.OfAddresses();
        var isShort = false;
        string? address = null;
        var known = query.Hash is { } asked ? await portraits.OwnerOf(asked, cancellationToken) : null;
        if (known is null)
        {
            var far = await gateway.Answer(request, query, new AnswerLife(version, expires), cancellationToken);
            if (far.Answer is { } answer)
            {
                return answer;
            }

            isShort = far.IsShort;
        }

        if (query.Hash is { } hash && (known ?? await portraits.CatchAll(request.Site.Policy, cancellationToken)) is { } owner)
        {
            // The portrait is read behind the version, so that a change in between is noticed.
            version = versions.Of(owner, version);
            var shown = query.ForceDefault ? default : await Show(owner, request, query, cancellationToken);
            if (shown.Rendition is { } rendition)
            {
                return sites.Of(owner).Answers.Portrait(rendition, shown.Changed, version, expires);
            }

            isShort |= shown.WasRefused;
            address = await portraits.AddressOf(owner, hash, cancellationToken);
        }

        if (!query.ForceDefault)
        {
            var found = await gravatar.Answer(request, query, new AnswerLife(version, expires) { IsShort = isShort }, cancellationToken);
            if (found.Answer is { } answer)
            {
                return answer;
            }

            isShort |= found.IsShort;
        }

        return await defaults.Answer(request, query, address, new AnswerLife(version, expires) { IsShort = isShort }, cancellationToken);
    }

    private ValueTask<Shown> Show(Identity owner, AvatarRequest request, AvatarQuery query, CancellationToken cancellationToken)
    {
        var site = sites.Of(owner);
        if (site != request.Site)
        {
            request.TryRead(site.Policy.Sizes, out query);
        }

        return portraits.Show(owner, new RenditionWish(query.Size, ImageFormatOf(query.Format), request.Client), cancellationToken);
    }

    internal static ImageFormat? ImageFormatOf(AvatarFormat format) => format switch
    {
        AvatarFormat.Jpeg => ImageFormat.Jpeg,
        AvatarFormat.Png => ImageFormat.Png,
        AvatarFormat.Gif => ImageFormat.Gif,
        AvatarFormat.WebP => ImageFormat.WebP,
        AvatarFormat.Avif => ImageFormat.Avif,
        _ => null,
    };

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "No avatar can be rendered: {Reason}")]
        public static partial void NoRenderer(ILogger logger, string reason);
    }
}
