using System.Net;
using System.Text;
using Likeness.Http.Answering;
using Likeness.Http.Foreign;
using Likeness.Http.Renditions;
using Likeness.Http.Resolving;
using Likeness.Imaging;
using Likeness.Libravatar;
using Likeness.Libravatar.Fetching;
using Likeness.Stores;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Likeness.Http.Avatars;

/// <summary>Serves everything under <c>/avatar</c>: recalls the prepared answer, or decides by the order of the protocol, draws and remembers.</summary>
internal sealed partial class AvatarEndpoint(
    PreparedAnswers prepared,
    AvatarSites sites,
    PortraitResolver portraits,
    GatewayResolver gateway,
    GravatarResolver gravatar,
    DefaultResolver defaults,
    Painter painter,
    AvatarMetrics metrics,
    SeenTally seen,
    ILogger<AvatarEndpoint> log)
{
    private const int LongestRecalled = 512;

    /// <summary>Table 2.3 of the protocol: the first row that has something to show answers. With <c>f=y</c> only the rows that are there for nobody in particular.</summary>
    private readonly Row[] _order =
    [
        new(IsForSomebody: true, portraits.Owner),
        new(IsForSomebody: true, gateway.Resolve),
        new(IsForSomebody: true, portraits.CatchAll),
        new(IsForSomebody: true, gravatar.Resolve),
        new(IsForSomebody: false, defaults.Elsewhere),
        new(IsForSomebody: false, (request, _) => new(defaults.Image(request.Query.Default))),
        new(IsForSomebody: false, (request, cancellationToken) => defaults.Face(request, request.Query.Default, cancellationToken)),
        new(IsForSomebody: false, (request, _) => new(defaults.Image(request.Site.Policy.DefaultFace))),
        new(IsForSomebody: false, (request, cancellationToken) => defaults.Face(request, request.Site.Policy.DefaultFace, cancellationToken)),
        new(IsForSomebody: false, (_, _) => new(defaults.Image(DefaultKeywords.MysteryMan))),
        new(IsForSomebody: false, (request, cancellationToken) => defaults.Face(request, DefaultKeywords.MysteryMan, cancellationToken)),
    ];

    private delegate ValueTask<Subject?> Resolve(AvatarRequest request, CancellationToken cancellationToken);

    /// <summary>Handles every method. For an answer that is prepared it allocates nothing and never waits.</summary>
    public Task Serve(HttpContext context)
    {
        var site = sites.Of(context.Request);
        if (!AvatarAnswer.IsRead(context.Request))
        {
            return Write(context, context.Request.Method == "OPTIONS" ? site.Answers.Capabilities(defaults.Names) : site.Answers.MethodNotAllowed);
        }

        Span<byte> target = stackalloc byte[LongestRecalled];
        if (AvatarTarget.TryWrite(context, site.KeyPrefix, target, out var length) && prepared.TryRecall(target[..length], out var answer))
        {
            return Write(context, answer);
        }

        return Prepare(context, site);
    }

    /// <summary><c>/avatar.php?gravatar_id=HASH</c>, as the oldest programs ask; the other parameters are the same.</summary>
    public async Task ServeOld(HttpContext context)
    {
        var site = sites.Of(context.Request);
        if (!AvatarAnswer.IsRead(context.Request))
        {
            await Serve(context);
            return;
        }

        metrics.CountPrepared();
        var query = context.Request.QueryString.Value ?? "?";
        byte[] key = [.. site.KeyPrefix, .. Encoding.UTF8.GetBytes(context.Request.Query["gravatar_id"].ToString().Trim()), .. Encoding.UTF8.GetBytes(query)];
        await Write(context, await Prepare(key, site, context.Connection.RemoteIpAddress, cancellationToken: context.RequestAborted));
    }

    /// <summary>Decides, draws if need be, and remembers the answer.</summary>
    /// <param name="key">What the prepared answer is found by: the site's prefix, then the path behind <c>/avatar/</c> and the query, as sent. Kept; not to be changed.</param>
    public async ValueTask<AvatarAnswer> Prepare(byte[] key, AvatarSite site, IPAddress? client, bool isRelayed = false, CancellationToken cancellationToken = default)
    {
        AvatarQuery Read(AvatarSizes sizes) => AvatarTarget.TryRead(key.AsSpan(site.KeyPrefix.Length), sizes, out var query) ? query : default;
        if (!AvatarTarget.TryRead(key.AsSpan(site.KeyPrefix.Length), site.Policy.Sizes, out var query))
        {
            return site.Answers.MissingHash;
        }

        var request = new AvatarRequest(site, query, prepared.Begin(query.Hash)) { Client = RenderQueue.ClientOf(client), IsRelayed = isRelayed, Read = Read };
        var answer = await Answer(request, cancellationToken);
        if (answer.Expires > 0 && (!isRelayed || query.Domain is null))
        {
            prepared.Offer(key, answer);
        }

        return answer;
    }

    /// <summary>The answer by the order of the protocol; what cannot be had now is never remembered.</summary>
    public async ValueTask<AvatarAnswer> Answer(AvatarRequest request, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var row in _order)
            {
                if ((!row.IsForSomebody || !request.Query.ForceDefault)
                    && await row.Resolve(request, cancellationToken) is { } subject
                    && await Draw(subject, request, cancellationToken) is { } answer)
                {
                    return answer;
                }
            }

            throw new InvalidOperationException("The last face cannot be drawn.");
        }
        catch (RenderUnavailableException exception)
        {
            Log.NoRenderer(log, exception.Message);
            return request.Site.Answers.Busy;
        }
        catch (StoreUnavailableException exception)
        {
            Log.NoDatabase(log, exception.Message);
            return request.Site.Answers.Busy;
        }
        catch (TooManyRendersException exception)
        {
            return AvatarAnswers.TooManyRenders(exception.RetryAfter);
        }
    }

    private async Task Prepare(HttpContext context, AvatarSite site)
    {
        metrics.CountPrepared();
        var answer = await Prepare(
            AvatarTarget.Of(context, site.KeyPrefix),
            site,
            context.Connection.RemoteIpAddress,
            context.Request.Headers.UserAgent == SafeFetch.Product,
            context.RequestAborted);
        await Write(context, answer);
    }

    private Task Write(HttpContext context, AvatarAnswer answer)
    {
        var written = answer.Write(context);
        metrics.Count(context, answer);
        answer.Count(context.Request);
        return written;
    }

    /// <summary>Null: it is not there or cannot be drawn, the next one's turn.</summary>
    private async ValueTask<AvatarAnswer?> Draw(Subject subject, AvatarRequest request, CancellationToken cancellationToken)
    {
        var (answers, memo) = (request.Site.Answers, request.Memo);
        switch (subject)
        {
            case Subject.Person { Portrait: var portrait, Picture: var picture, Site: var site }:
                var shown = await painter.Picture(picture, portrait.Identity, () => portraits.Read(picture), request.WishFor(site), cancellationToken);
                memo.IsShort |= shown is null;
                memo.Seen = shown is null ? null : seen.CounterFor(portrait.Identity, memo.HashKind, request.WishFor(site).Size, shown.MediaType["image/".Length..]);
                return shown is null ? null : site.Answers.Picture(shown, portrait.Changed, "portrait", memo);
            case Subject.Elsewhere { Source: var source, Find: var find }:
                var found = await find(cancellationToken);
                memo.IsShort |= found is { Rendition: null, HasFailed: true };
                return found.Rendition is { } foreign ? answers.Picture(foreign, found.Changed, source, memo) : null;
            case Subject.Image { Picture: { Picture: var image, Changed: var changed } }:
                return await painter.Picture(image.Info, null, () => new(image), request.Wish, cancellationToken) is { } own ? answers.SiteImage(own, changed, memo) : null;
            case Subject.Drawn { Face: var face } drawn:
                return answers.Face(await painter.Face(face, drawn.Hash, drawn.Letters, drawn.Address, request.Wish, cancellationToken), memo);
            case Subject.Redirect redirect:
                return answers.Redirect(redirect.Location, redirect.Source, memo);
            default:
                return answers.NotFound(memo);
        }
    }

    private sealed record Row(bool IsForSomebody, Resolve Resolve);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "No avatar can be rendered: {Reason}")]
        public static partial void NoRenderer(ILogger logger, string reason);

        [LoggerMessage(2, LogLevel.Error, "No avatar can be looked up: {Reason}")]
        public static partial void NoDatabase(ILogger logger, string reason);
    }
}
