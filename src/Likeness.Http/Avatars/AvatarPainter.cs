using System.Collections.Frozen;
using Likeness.Http.Renditions;
using Likeness.Imaging;
using Likeness.Imaging.Faces;
using Likeness.Libravatar;

namespace Likeness.Http;

/// <summary>Makes renditions of pictures and faces; the one place where the web meets the imaging library.</summary>
public sealed class AvatarPainter(IImageRenderer renderer, RenditionCache cache, RenderQueue queue, RenderAllowance allowance)
{
    // Seeds the faces of paths that are no hash (L-22): one picture for all of them.
    private const string NoHash = "00000000000000000000000000000000";
    private const string AnotherHash = "ffffffffffffffffffffffffffffffff";

    // mm looks the same for everybody: one rendition serves all hashes.
    private static readonly FrozenSet<string> Personal = FaceCatalogue.All
        .Where(face => face.Draw(new FaceSubject(NoHash)) != face.Draw(new FaceSubject(AnotherHash)))
        .Select(face => face.Name)
        .ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Lettered = FaceCatalogue.All
        .Where(face => face.Draw(new FaceSubject(NoHash, "A")) != face.Draw(new FaceSubject(NoHash, "B")))
        .Select(face => face.Name)
        .ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Coloured = FaceCatalogue.All
        .Where(face => face.Draw(new FaceSubject(NoHash, null, "a@example.org")) != face.Draw(new FaceSubject(NoHash, null, "b@example.org")))
        .Select(face => face.Name)
        .ToFrozenSet(StringComparer.Ordinal);

    public static IReadOnlyList<string> Faces { get; } =
        [DefaultKeywords.NotFound, DefaultKeywords.MysteryPerson, .. FaceCatalogue.All.Select(face => face.Name)];

    /// <summary>Throws <see cref="ImageRefusedException"/> when no decoder accepts it or its bytes are gone, <see cref="TooManyRendersException"/> and <see cref="RenderUnavailableException"/> when it would have to be rendered and cannot now.</summary>
    public ValueTask<Rendition> Picture(PictureInfo picture, Func<ValueTask<Picture?>> read, RenditionWish wish, CancellationToken cancellationToken) =>
        Get(
            RenditionKey.Of(picture.Id, wish.Size, wish.Format ?? StoredFormat(picture)),
            wish,
            async key =>
            {
                var source = await read() ?? throw new ImageRefusedException(RefusalReason.Undecodable, "The picture's bytes are gone.");
                return await Render(RenderRequest.Photo(source.Bytes, key.Size, key.Format));
            },
            cancellationToken);

    /// <summary>The face, drawn from the lower-case hash (L-40) and, where it shows any, these letters and this address's colour. Throws as <see cref="Picture"/>.</summary>
    /// <param name="address">Null: the server does not know it, or must not show that it does.</param>
    public ValueTask<Rendition> Face(IFace face, AddressHash? hash, string? letters, string? address, RenditionWish wish, CancellationToken cancellationToken)
    {
        var seed = Personal.Contains(face.Name) ? hash?.Text ?? NoHash : "";
        var key = RenditionKey.Of(face.Name, seed, wish.Size, wish.Format ?? ImageFormat.Png) with
        {
            Letters = Lettered.Contains(face.Name) ? letters : null,
            Address = Coloured.Contains(face.Name) ? address : null,
        };
        return Get(
            key,
            wish,
            key => Render(RenderRequest.Face(face.Draw(new FaceSubject(key.Hash.Length == 0 ? NoHash : key.Hash, key.Letters, key.Address)), key.Size, key.Format)),
            cancellationToken);
    }

    /// <summary>A picture from elsewhere, decoded and encoded anew; in its own format when none is wished. Throws as <see cref="Picture"/>.</summary>
    internal Task<Rendition> Foreign(ReadOnlyMemory<byte> bytes, RenditionWish wish) => Render(RenderRequest.Photo(bytes, wish.Size, wish.Format));

    internal static ImageFormat StoredFormat(PictureInfo picture) => picture.MediaType switch
    {
        "image/jpeg" => ImageFormat.Jpeg,
        "image/gif" => ImageFormat.Gif,
        "image/webp" => ImageFormat.WebP,
        _ => ImageFormat.Png,
    };

    private ValueTask<Rendition> Get(RenditionKey key, RenditionWish wish, Func<RenditionKey, Task<Rendition>> render, CancellationToken cancellationToken)
    {
        if (cache.TryGet(key, out var rendition))
        {
            return new(rendition);
        }

        allowance.Charge(wish.Client);
        return cache.Get(key, render, cancellationToken);
    }

    // Not the asker's cancellation: others may be waiting for the same rendition.
    private async Task<Rendition> Render(RenderRequest request)
    {
        using var place = queue.Enter(isFace: request.Job == RenderJob.Face);
        var image = await renderer.Render(request, CancellationToken.None);
        return Rendition.Of(image.Bytes, image.Format);
    }
}
