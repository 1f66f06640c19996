using System.Collections.Immutable;
using Likeness.Http.Renditions;
using Likeness.Imaging;

namespace Likeness.Http.Uploads;

/// <summary>How a picture enters that does not come by chat: checked, turned upright, squared, stripped of metadata; a large master for the web and a small PNG for chats.</summary>
public sealed class PortraitUpload(ImageGate gate, RenderQueue queue, PortraitLinks links) : IPortraitMaker
{
    /// <summary>Throws <see cref="ImageRefusedException"/> when the picture is at fault, <see cref="RenderUnavailableException"/> when no renderer is to be had.</summary>
    public async Task<NewPortrait> Make(Identity owner, ReadOnlyMemory<byte> file, bool keepNormal, PictureCrop? crop = null, CancellationToken cancellationToken = default)
    {
        var header = gate.Inspect(file.Span);
        var isStill = header.Frames > 1 && crop is { IsStill: true };
        var master = keepNormal && crop is null && NormalFile.Is(file.Span, header)
            ? new RenderedImage(file, header.Format, header.Width, header.Height)
            : await queue.Render(owner, RenderRequest.Master(file, crop: CropOf(crop), isStill: isStill));
        var small = await queue.Render(owner, RenderRequest.InBand(master.Bytes));
        var large = PictureOf(master);
        return new NewPortrait
        {
            Picture = PictureOf(small),
            Master = large,
            Original = crop is null || keepNormal ? null : await Original(owner, file, header.Frames > 1 && !isStill, header, crop),
            Uploaded = PictureId.Of(file.Span),
            Links = links.To(owner, large.Info),
        };
    }

    public ImmutableArray<PictureLink> LinksTo(Identity owner, PictureInfo master) => links.To(owner, master);

    // A picture that was not cut is its own original; what moves would be another file as large again.
    private async Task<Picture?> Original(Identity owner, ReadOnlyMemory<byte> file, bool moves, ImageHeader header, PictureCrop crop) =>
        moves || (crop.Square is null && header.Width == header.Height)
            ? null
            : PictureOf(await queue.Render(owner, RenderRequest.Whole(file)));

    private static Crop? CropOf(PictureCrop? wish) => wish switch
    {
        null => null,
        { Square: { } square } => new Crop(CropPart.Square, (float)square.X, (float)square.Y, (float)square.Edge, (float)square.Angle, square.IsMirrored),
        _ => new Crop(Enum.Parse<CropPart>(wish.Part.ToString())),
    };

    private static Picture PictureOf(RenderedImage image) =>
        Picture.Of(image.Bytes, image.Format.MediaType(), image.Width, image.Height);
}
