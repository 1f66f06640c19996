using Likeness.Imaging.Vips;

namespace Likeness.Imaging.Steps;

/// <summary>Writes the format; this is where the pixels are at last computed.</summary>
internal static class Encode
{
    /// <summary>L-10B.</summary>
    private const int JpegQuality = 85;

    /// <summary>A master is rendered once more before anybody sees it.</summary>
    private const int MasterJpegQuality = 92;

    private const int WebPQuality = 80;

    public static void Apply(Rendering work)
    {
        var save = work.Format switch
        {
            ImageFormat.Jpeg => Start("jpegsave_buffer"u8).With("Q"u8, work.Request.Job is RenderJob.Master ? MasterJpegQuality : JpegQuality),
            ImageFormat.Png => Start("pngsave_buffer"u8),
            ImageFormat.WebP => Start("webpsave_buffer"u8).With("Q"u8, WebPQuality),
            _ => Start("gifsave_buffer"u8),
        };
        var bytes = save.With("in"u8, work.First).With("strip"u8, true).Bytes();
        bytes = work.Format == ImageFormat.WebP ? BareWebP.Of(bytes) : bytes;
        work.Result = new RenderedImage(bytes, work.Format, work.Size, work.Size);
    }

    private static VipsOperation Start(ReadOnlySpan<byte> saver) => new(saver);
}
