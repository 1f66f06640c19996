using Likeness.Imaging.Vips;

namespace Likeness.Imaging.Steps;

/// <summary>Opens the source with the loader its own header names, already shrunk where the decoder can (JPEG, WebP).</summary>
internal static unsafe class OpenShrunk
{
    /// <summary>Decoders shrink by plain averaging; the last 1.5 × are left to a better filter, which keeps edges as sharp as if all were.</summary>
    private const double LeftToResize = 1.5;

    /// <summary>Pixels of all frames together, as they come in or go out; a larger animation is shown by its first frame. Encoding twice as many takes longer than one picture may, and libvips 8.14 was seen to end in a fault on a thousand frames of 220 × 220.</summary>
    private const long MaxAnimatedPixels = 25_000_000;

    /// <summary>Edge of an animated master in pixels: no rendition is larger, and each frame costs.</summary>
    private const int LargestAnimatedMaster = 512;

    private const int Sequential = 1;
    private const int FailOnError = 2;

    public static void Apply(Rendering work)
    {
        var header = work.Header!;
        var shorter = Math.Min(header.Width, header.Height);
        long enlarged = work.Request.Job is RenderJob.Photo ? work.Size : 0;
        var animated = header.Frames > 1
            && Math.Max(header.Pixels, enlarged * enlarged) * header.Frames <= MaxAnimatedPixels
            && (work.Request.Format ?? header.Format) == header.Format
            && work.Request.Job is RenderJob.Photo or RenderJob.Master;
        if (work.Request.Job is not RenderJob.Photo)
        {
            work.Size = Math.Min(animated ? Math.Min(work.Size, LargestAnimatedMaster) : work.Size, shorter);
        }

        var spare = shorter / (LeftToResize * work.Size);
        var length = work.Request.Source.Length;
        var image = header.Format switch
        {
            ImageFormat.Jpeg => Start("jpegload_buffer"u8).With("shrink"u8, JpegShrink(spare)),
            ImageFormat.Png => Start("pngload_buffer"u8),
            ImageFormat.WebP => Start("webpload_buffer"u8).With("scale"u8, 1 / Math.Max(1, spare)).With("n"u8, animated ? -1 : 1),
            _ => Start("gifload_buffer"u8).With("n"u8, animated ? -1 : 1),
        };
        var opened = image
            .With("buffer"u8, work.Source, length)
            .With("access"u8, Sequential)
            .With("fail-on"u8, FailOnError)
            .Image();
        work.Frames.Add(opened);
        if (opened.Width > header.Width || opened.PageHeight > header.Height || (long)opened.Width * opened.Height > header.Pixels * header.Frames)
        {
            throw new VipsException("the picture is larger than its header says");
        }

        if (opened.PageHeight < opened.Height)
        {
            SplitFrames(work, opened);
        }
    }

    private static VipsOperation Start(ReadOnlySpan<byte> loader) => new(loader);

    private static int JpegShrink(double spare) => spare switch
    {
        >= 8 => 8,
        >= 4 => 4,
        >= 2 => 2,
        _ => 1,
    };

    private static void SplitFrames(Rendering work, VipsImage strip)
    {
        work.Frames.Clear();
        for (var top = 0; top + strip.PageHeight <= strip.Height; top += strip.PageHeight)
        {
            work.Frames.Add(new VipsOperation("extract_area"u8)
                .With("input"u8, strip)
                .With("left"u8, 0)
                .With("top"u8, top)
                .With("width"u8, strip.Width)
                .With("height"u8, strip.PageHeight)
                .Image());
        }

        strip.Dispose();
    }
}
