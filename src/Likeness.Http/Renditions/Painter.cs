using System.Collections.Frozen;
using Likeness.Imaging;
using Likeness.Imaging.Faces;
using Likeness.Libravatar;
using Microsoft.Extensions.Logging;

namespace Likeness.Http.Renditions;

/// <summary>Makes renditions of pictures and faces; the one place where the web meets the imaging library.</summary>
internal sealed partial class Painter(RenditionCache cache, RenderQueue queue, HttpClock clock, ILogger<Painter> log)
{
    // Seeds the faces of paths that are no hash: one picture for all of them.
    private const string NoHash = "00000000000000000000000000000000";
    private const string AnotherHash = "ffffffffffffffffffffffffffffffff";

    // A decoder that stopped once may have been unlucky: asked again after a while. What costs too much will do so again.
    private const int RefusalSeconds = 60;
    private const int TooCostlySeconds = 3600;

    // mm looks the same for everybody: one rendition serves all hashes.
    private static readonly FrozenSet<string> Personal = ThatDiffer(new FaceSubject(NoHash), new FaceSubject(AnotherHash));
    private static readonly FrozenSet<string> Lettered = ThatDiffer(new FaceSubject(NoHash, "A"), new FaceSubject(NoHash, "B"));
    private static readonly FrozenSet<string> Coloured = ThatDiffer(new FaceSubject(NoHash, null, "a@example.org"), new FaceSubject(NoHash, null, "b@example.org"));

    private readonly GenerationCache<PictureId, Refusal> _refused = new(10_000, _ => 1);

    /// <summary>What may stand in for a portrait, by name.</summary>
    public static IReadOnlyList<string> Faces { get; } =
        [DefaultKeywords.NotFound, DefaultKeywords.MysteryPerson, .. FaceCatalogue.All.Select(face => face.Name)];

    /// <summary>The face looks different for each address.</summary>
    public static bool IsColoured(IFace face) => Coloured.Contains(face.Name);

    /// <summary>Null when no decoder accepts it or its bytes are gone. Throws <see cref="TooManyRendersException"/> and <see cref="RenderUnavailableException"/> when it would have to be rendered and cannot now.</summary>
    public async ValueTask<Rendition?> Picture(PictureInfo picture, Identity? owner, Func<ValueTask<Picture?>> read, RenditionWish wish, CancellationToken cancellationToken)
    {
        var key = RenditionKey.Of(picture.Id, wish.Size, wish.Format ?? StoredFormat(picture));
        if (cache.TryGet(key, out var rendition))
        {
            return rendition;
        }

        if (_refused.TryGet(picture.Id, out var refusal) && clock.Seconds < refusal.Until)
        {
            return null;
        }

        queue.Charge(wish.Client);
        try
        {
            return await cache.Get(
                key,
                async key => Finished(await queue.Render(new RenderShare(picture.Id, owner, wish.Client), isFace: false, async () =>
                {
                    var source = await read() ?? throw new ImageRefusedException(RefusalReason.Undecodable, "The picture's bytes are gone.");
                    return RenderRequest.Photo(source.Bytes, key.Size, key.Format);
                })),
                cancellationToken);
        }
        catch (ImageRefusedException exception)
        {
            // Chats carry any bytes: a picture we cannot draw is no reason for an error on the web.
            if (!_refused.TryGet(picture.Id, out refusal) || clock.Seconds >= refusal.Until)
            {
                Log.Refused(log, picture.Id.Hex, owner?.Value, exception.Message);
                _refused.Set(picture.Id, new Refusal(clock.Seconds + (exception.Reason == RefusalReason.TooCostly ? TooCostlySeconds : RefusalSeconds)));
            }

            return null;
        }
    }

    /// <summary>The face, drawn from the lower-case hash and, where it shows any, these letters and this address's colour. Throws as <see cref="Picture"/>.</summary>
    /// <param name="address">Null: the server does not know it, or must not show that it does.</param>
    public async ValueTask<Rendition> Face(IFace face, AddressHash? hash, string? letters, string? address, RenditionWish wish, CancellationToken cancellationToken)
    {
        var seed = Personal.Contains(face.Name) ? hash?.Text ?? NoHash : "";
        var key = RenditionKey.Of(face.Name, seed, wish.Size, wish.Format ?? ImageFormat.Png) with
        {
            Letters = Lettered.Contains(face.Name) ? letters : null,
            Address = IsColoured(face) ? address : null,
        };
        if (cache.TryGet(key, out var rendition))
        {
            return rendition;
        }

        queue.Charge(wish.Client);
        return await cache.Get(
            key,
            async key => Finished(await queue.Render(new RenderShare(null, null, wish.Client), isFace: true, () =>
                new(RenderRequest.Face(face.Draw(new FaceSubject(key.Hash.Length == 0 ? NoHash : key.Hash, key.Letters, key.Address)), key.Size, key.Format)))),
            cancellationToken);
    }

    /// <summary>A picture from elsewhere, decoded and encoded anew; in its own format when none is wished. Throws <see cref="ImageRefusedException"/>, else as <see cref="Picture"/>.</summary>
    public async Task<Rendition> Foreign(ReadOnlyMemory<byte> bytes, RenditionWish wish) =>
        Finished(await queue.Render(new RenderShare(PictureId.Of(bytes.Span), null, wish.Client), isFace: false, () => new(RenderRequest.Photo(bytes, wish.Size, wish.Format))));

    public static ImageFormat StoredFormat(PictureInfo picture) => picture.MediaType switch
    {
        "image/jpeg" => ImageFormat.Jpeg,
        "image/gif" => ImageFormat.Gif,
        "image/webp" => ImageFormat.WebP,
        _ => ImageFormat.Png,
    };

    private static Rendition Finished(RenderedImage image) => Rendition.Of(image.Bytes, image.Format);

    private static FrozenSet<string> ThatDiffer(FaceSubject one, FaceSubject other) =>
        FaceCatalogue.All.Where(face => face.Draw(one) != face.Draw(other)).Select(face => face.Name).ToFrozenSet(StringComparer.Ordinal);

    private sealed record Refusal(long Until);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The picture {Picture} of {Identity} is not shown on the web: {Reason}")]
        public static partial void Refused(ILogger logger, string picture, string? identity, string reason);
    }
}
