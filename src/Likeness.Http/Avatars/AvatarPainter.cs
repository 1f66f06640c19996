using System.Collections.Frozen;
using Likeness.Http.Renditions;
using Likeness.Imaging;
using Likeness.Imaging.Faces;
using Likeness.Libravatar;

namespace Likeness.Http;

/// <summary>Makes renditions of pictures and faces; the one place where the web meets the imaging library.</summary>
public sealed class AvatarPainter(IImageRenderer renderer, RenditionCache cache)
{
    // Seeds the faces of paths that are no hash (L-22): one picture for all of them.
    private const string NoHash = "00000000000000000000000000000000";
    private const string AnotherHash = "ffffffffffffffffffffffffffffffff";

    // mm looks the same for everybody: one rendition serves all hashes.
    private static readonly FrozenSet<string> Personal = FaceCatalogue.All
        .Where(face => face.Draw(new FaceSubject(NoHash)) != face.Draw(new FaceSubject(AnotherHash)))
        .Select(face => face.Name)
        .ToFrozenSet(StringComparer.Ordinal);

    public static IReadOnlyList<string> Faces { get; } =
        [DefaultKeywords.NotFound, DefaultKeywords.MysteryPerson, .. FaceCatalogue.All.Select(face => face.Name)];

    /// <exception cref="ImageRefusedException">No decoder accepts it, or its bytes are gone.</exception>
    public ValueTask<Rendition> Picture(PortraitBook book, PictureInfo picture, int size, ImageFormat? format, CancellationToken cancellation) =>
        cache.Get(
            RenditionKey.Of(picture.Id, size, format ?? StoredFormat(picture)),
            async key =>
            {
                var source = await book.Read(picture.Id, CancellationToken.None)
                    ?? throw new ImageRefusedException(RefusalReason.Undecodable, "The picture's bytes are gone.");
                return await Render(RenderRequest.Photo(source.Bytes, key.Size, key.Format));
            },
            cancellation);

    /// <summary>The face, drawn from the lower-case hash (L-40).</summary>
    public ValueTask<Rendition> Face(IFace face, AddressHash? hash, int size, ImageFormat? format, CancellationToken cancellation)
    {
        var seed = Personal.Contains(face.Name) ? hash?.Text ?? NoHash : "";
        return cache.Get(
            RenditionKey.Of(face.Name, seed, size, format ?? ImageFormat.Png),
            key => Render(RenderRequest.Face(face.Draw(new FaceSubject(key.Hash.Length == 0 ? NoHash : key.Hash)), key.Size, key.Format)),
            cancellation);
    }

    // Not the asker's cancellation: others may be waiting for the same rendition.
    private async Task<Rendition> Render(RenderRequest request)
    {
        var image = await renderer.Render(request, CancellationToken.None);
        return Rendition.Of(image.Bytes, image.Format);
    }

    private static ImageFormat StoredFormat(PictureInfo picture) => picture.MediaType switch
    {
        "image/jpeg" => ImageFormat.Jpeg,
        "image/gif" => ImageFormat.Gif,
        "image/webp" => ImageFormat.WebP,
        _ => ImageFormat.Png,
    };
}
