using Likeness.Http.Renditions;
using Likeness.Imaging;
using Likeness.Libravatar;

namespace Likeness.Http.Uploads;

/// <summary>How a picture enters that does not come by chat: checked, turned upright, squared, stripped of metadata; a large master for the web and a small PNG for chats.</summary>
public sealed class PortraitUpload(PortraitBook book, ImageGate gate, RenderQueue queue, PortraitLinks links)
{
    /// <summary>Gives the person this picture on every view. Throws <see cref="ImageRefusedException"/> when the picture is at fault, <see cref="RenderUnavailableException"/> when no renderer is to be had.</summary>
    /// <param name="bytes">The file as it was uploaded.</param>
    /// <param name="keepNormal">A file that is what an original of ours is anyway is kept byte for byte.</param>
    /// <param name="address">Shows it from the same moment on, if it did not yet: whoever hears of the picture hears of the address.</param>
    /// <param name="condition">As <see cref="NewPortrait.Condition"/>.</param>
    public async Task<Portrait> Set(
        Identity owner,
        ReadOnlyMemory<byte> bytes,
        Cause cause,
        Address? address = null,
        bool keepNormal = false,
        Action<Portrait>? condition = null,
        CancellationToken cancellationToken = default)
    {
        var header = gate.Inspect(bytes.Span);
        var master = keepNormal && NormalFile.Is(bytes.Span, header)
            ? new RenderedImage(bytes, header.Format, header.Width, header.Height)
            : await queue.Render(owner, RenderRequest.Master(bytes));
        var small = await queue.Render(owner, RenderRequest.InBand(master.Bytes));
        var large = PictureOf(master);
        var set = new NewPortrait
        {
            Picture = PictureOf(small),
            Master = large,
            Uploaded = PictureId.Of(bytes.Span),
            Links = links.To(owner, large.Info),
            Address = address,
            Condition = condition,
        };
        return await book.Set(owner, set, cause, cancellationToken);
    }

    private static Picture PictureOf(RenderedImage image) =>
        Picture.Of(image.Bytes, image.Format.MediaType(), image.Width, image.Height);
}
