using Likeness.Imaging;
using Likeness.Imaging.Faces;

namespace Likeness.Http.Renditions;

/// <summary>The renditions of avatars for those who ask not by hash: the same pictures from the same cache.</summary>
internal sealed class PortraitPainter(Painter painter, PortraitBook book) : IPortraitPainter
{
    public async ValueTask<Picture?> Paint(Portrait portrait, int size, bool isStill = false, CancellationToken cancellationToken = default)
    {
        if (portrait.Source is not { } source)
        {
            return null;
        }

        var wish = new RenditionWish(size, isStill ? ImageFormat.Png : null, null);
        return await painter.Picture(source, portrait.Identity, () => book.Read(source.Id, CancellationToken.None), wish, cancellationToken) is { } rendition
            ? Picture.Of(rendition.Bytes, rendition.Format.MediaType(), size, size)
            : null;
    }

    public async ValueTask<Picture?> Paint(GeneratedFace face, int size, CancellationToken cancellationToken = default)
    {
        if (FaceCatalogue.Find(face.Name) is not { } kind)
        {
            return null;
        }

        var rendition = await painter.Face(kind, face.Hash, face.Letters, face.Address, new RenditionWish(size, ImageFormat.Png, null), cancellationToken);
        return Picture.Of(rendition.Bytes, rendition.Format.MediaType(), size, size);
    }
}
