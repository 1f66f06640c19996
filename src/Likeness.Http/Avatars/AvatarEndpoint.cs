using System.Diagnostics.CodeAnalysis;
using Likeness.Http.Renditions;
using Likeness.Imaging;
using Likeness.Imaging.Faces;
using Likeness.Libravatar;
using Microsoft.Extensions.Logging;

namespace Likeness.Http;

/// <summary>The full answer to any avatar request, by the decision order of the protocol (table 2.3).</summary>
public sealed partial class AvatarEndpoint(
    PortraitBook book,
    DomainPolicies policies,
    PortraitVersions versions,
    AvatarPainter painter,
    HttpClock clock,
    AvatarOptions options,
    ILogger<AvatarEndpoint> log)
{
    // A decoder that stopped once may have been unlucky: asked again after a while.
    private const int RefusalSeconds = 60;

    private readonly AnswerTable _table = new(options.AnswerMemory);
    private readonly AvatarAnswers _answers = new(policies, AvatarPainter.Faces);
    private readonly GenerationCache<PictureId, Refusal> _refused = new(10_000, _ => 1);

    private readonly IFace _siteDefault =
        FaceCatalogue.Find(policies.Default.DefaultFace) ?? FaceCatalogue.Find(DefaultKeywords.MysteryMan)!;

    /// <summary>The answer prepared for exactly this target, if it is still true. Allocates nothing.</summary>
    /// <param name="target">The path behind <c>/avatar/</c> and the query, as sent.</param>
    public bool TryRecall(ReadOnlySpan<byte> target, [NotNullWhen(true)] out AvatarAnswer? answer) =>
        _table.TryGet(target, out answer) && clock.Seconds < answer.Expires && versions.IsCurrent(answer.Version);

    /// <summary>Decides about a GET or HEAD, renders if need be, and remembers the answer.</summary>
    /// <param name="target">As for <see cref="TryRecall"/>; kept.</param>
    public async ValueTask<AvatarAnswer> Prepare(byte[] target, CancellationToken cancellation = default)
    {
        if (!AvatarTarget.TryRead(target, options.Sizes, out var query))
        {
            return _answers.MissingHash;
        }

        try
        {
            var answer = await Decide(query, cancellation);
            _table.Offer(target, answer);
            return answer;
        }
        catch (RenderUnavailableException exception)
        {
            Log.NoRenderer(log, exception.Message);
            return _answers.Busy;
        }
    }

    /// <summary>The answer to any other method: what OPTIONS tells (L-55), or a refusal (L-54).</summary>
    public AvatarAnswer OtherMethod(string method) =>
        method == "OPTIONS" ? _answers.Capabilities : _answers.MethodNotAllowed;

    private async ValueTask<AvatarAnswer> Decide(AvatarQuery query, CancellationToken cancellation)
    {
        var expires = clock.Seconds + (long)options.AnswerLifetime.TotalSeconds;
        var version = versions.OfAddresses();
        if (!query.ForceDefault && query.Hash is { } hash && await book.Find(hash, cancellation) is { Identity: var identity })
        {
            version = versions.Of(identity, version);

            // Read again behind the version, so that a change in between is noticed.
            var portrait = await book.Find(identity, cancellation);
            if (await Show(portrait, query, cancellation) is { } rendition)
            {
                return _answers.Portrait(portrait, rendition, version, expires);
            }
        }

        if (query.Default == DefaultKeywords.NotFound)
        {
            return _answers.NotFound(version, expires);
        }

        var face = query.Default is { } wish ? FaceCatalogue.Find(wish) ?? _siteDefault : _siteDefault;
        return _answers.Face(await painter.Face(face, query.Hash, query.Size, FormatOf(query), cancellation), version, expires);
    }

    /// <summary>Null: nothing the web may see, or nothing that can be drawn.</summary>
    private async ValueTask<Rendition?> Show(Portrait portrait, AvatarQuery query, CancellationToken cancellation)
    {
        if (portrait.Source is not { } source || book.VisibilityOf(portrait) != Visibility.Public || WasRefused(source.Id))
        {
            return null;
        }

        try
        {
            return await painter.Picture(book, source, query.Size, FormatOf(query), cancellation);
        }
        catch (ImageRefusedException exception)
        {
            // Chats carry any bytes: a picture we cannot draw is no reason for an error on the web.
            Log.Refused(log, portrait.Identity.Value, source.Id.Hex, exception.Message);
            _refused.Set(source.Id, new Refusal(clock.Seconds + RefusalSeconds));
            return null;
        }
    }

    private bool WasRefused(PictureId picture) =>
        _refused.TryGet(picture, out var refusal) && clock.Seconds < refusal.Until;

    private static ImageFormat? FormatOf(AvatarQuery query) => query.Format switch
    {
        AvatarFormat.Jpeg => ImageFormat.Jpeg,
        AvatarFormat.Png => ImageFormat.Png,
        AvatarFormat.Gif => ImageFormat.Gif,
        AvatarFormat.WebP => ImageFormat.WebP,
        _ => null,
    };

    private sealed record Refusal(long Until);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The picture {Picture} of {Identity} is not shown on the web: {Reason}")]
        public static partial void Refused(ILogger logger, string identity, string picture, string reason);

        [LoggerMessage(2, LogLevel.Error, "No avatar can be rendered: {Reason}")]
        public static partial void NoRenderer(ILogger logger, string reason);
    }
}
