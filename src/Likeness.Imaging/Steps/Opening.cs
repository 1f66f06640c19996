using NetVips;

namespace Likeness.Imaging.Steps;

/// <summary>Opens the source with the loader its own header names, already shrunk where the decoder can (JPEG, WebP).</summary>
internal static class Opening
{
    /// <summary>Decoders shrink by plain averaging; the last 1.5 × are left to a better filter, which keeps edges as sharp as if all were.</summary>
    private const double LeftToResize = 1.5;

    /// <summary>Pixels of all frames together, as they come in or go out; a larger animation is shown by its first frame. Encoding twice as many takes longer than one picture may.</summary>
    private const long MaxAnimatedPixels = 25_000_000;

    /// <summary>Edge of an animated master in pixels: no rendition is larger, and each frame costs.</summary>
    private const int LargestAnimatedMaster = 512;

    private const int ViewBox = 512;

    public static void Photo(Rendering work)
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
        var frames = animated ? -1 : 1;
        var opened = header.Format switch
        {
            ImageFormat.Jpeg => Load("jpegload_source", work, new VOption { { "shrink", JpegShrink(spare) } }),
            ImageFormat.Png => Load("pngload_source", work, []),
            ImageFormat.WebP => Load("webpload_source", work, new VOption { { "scale", 1 / Math.Max(1, spare) }, { "n", frames } }),
            _ => Load("gifload_source", work, new VOption { { "n", frames } }),
        };
        work.Frames.Add(opened);
        if (opened.Width > header.Width || opened.PageHeight > header.Height || (long)opened.Width * opened.Height > header.Pixels * header.Frames)
        {
            throw new ImageRefusedException(RefusalReason.Undecodable, "The picture is larger than its header says.");
        }

        if (opened.PageHeight < opened.Height)
        {
            SplitFrames(work, opened);
        }
    }

    /// <summary>Draws a face's SVG at the asked size right away. The only place that may use the SVG loader.</summary>
    public static void Drawing(Rendering work)
    {
        using var allowance = VipsLibrary.AllowSvg();
        work.Frames.Add((Image)Operation.Call("svgload_buffer", new VOption { { "scale", (double)work.Size / ViewBox } }, work.Request.Source.ToArray()));
    }

    private static Image Load(string loader, Rendering work, VOption options)
    {
        options.Add("access", Enums.Access.Sequential);
        options.Add("fail_on", Enums.FailOn.Error);
        using var source = Source.NewFromMemory(work.Request.Source.Span);
        return (Image)Operation.Call(loader, options, source);
    }

    private static int JpegShrink(double spare) => spare switch
    {
        >= 8 => 8,
        >= 4 => 4,
        >= 2 => 2,
        _ => 1,
    };

    private static void SplitFrames(Rendering work, Image strip)
    {
        work.Frames.Clear();
        for (var top = 0; top + strip.PageHeight <= strip.Height; top += strip.PageHeight)
        {
            work.Frames.Add(strip.ExtractArea(0, top, strip.Width, strip.PageHeight));
        }

        strip.Dispose();
    }
}
