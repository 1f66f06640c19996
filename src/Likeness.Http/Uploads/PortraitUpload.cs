using Likeness.Imaging;

namespace Likeness.Http;

/// <summary>How a picture enters that does not come by chat: checked, turned upright, squared, stripped of metadata; a large master for the web and a small PNG for chats.</summary>
public sealed class PortraitUpload(PortraitBook book, ImageGate gate, IImageRenderer renderer)
{
    /// <summary>Gives the person this picture on every view. Throws <see cref="ImageRefusedException"/> when the picture is at fault, <see cref="RenderUnavailableException"/> when no renderer is to be had.</summary>
    /// <param name="bytes">The file as it was uploaded.</param>
    public async Task<Portrait> Set(Identity owner, ReadOnlyMemory<byte> bytes, Origin origin, CancellationToken cancellation = default)
    {
        gate.Inspect(bytes.Span);
        var master = await renderer.Render(RenderRequest.Master(bytes), cancellation);
        var small = await renderer.Render(RenderRequest.InBand(master.Bytes), cancellation);
        var set = new NewPortrait { Picture = PictureOf(small), Master = PictureOf(master), Uploaded = PictureId.Of(bytes.Span), Origin = origin };
        return await book.Set(owner, set, cancellation);
    }

    private static Picture PictureOf(RenderedImage image) =>
        Picture.Of(image.Bytes, image.Format.MediaType(), image.Width, image.Height);
}
