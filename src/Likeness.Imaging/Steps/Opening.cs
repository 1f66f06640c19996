using Likeness.Imaging.Headers;
using NetVips;

namespace Likeness.Imaging.Steps;

/// <summary>Opens the source with the loader its own header names, already shrunk where the decoder can (JPEG, WebP).</summary>
internal static class Opening
{
    /// <summary>Decoders shrink by plain averaging; the last 1.5 × are left to a better filter, which keeps edges as sharp as if all were.</summary>
    private const double LeftToResize = 1.5;

    /// <summary>Edge of an animated master in pixels: no rendition is larger, and each frame costs.</summary>
    private const int LargestAnimatedMaster = 512;

    private const int ViewBox = 512;

    public static void Photo(Rendering work)
    {
        var header = work.Header!;
        var shorter = Math.Min(header.Width, header.Height);
        var animated = work.Request.KeepsFrames(header);
        if (work.Request.Job is not RenderJob.Photo)
        {
            work.Size = Math.Min(animated ? Math.Min(work.Size, LargestAnimatedMaster) : work.Size, shorter);
        }

        var spare = shorter / (LeftToResize * work.Size);
        var frames = animated ? -1 : 1;
        var opened = header.Format switch
        {
            ImageFormat.Jpeg => Load("jpegload_source", work, new VOption { { "shrink", JpegHeader.LacksItsEnd(work.Request.Source.Span) ? 1 : JpegShrink(spare) } }),
            ImageFormat.Png => Load("pngload_source", work, []),
            ImageFormat.WebP => Load("webpload_source", work, new VOption { { "scale", 1 / Math.Max(1, spare) }, { "n", frames } }),
            ImageFormat.Avif => Load("heifload_source", work, []),
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
        var bytes = work.Request.Source.Span;
        ReadOnlySpan<byte> end = work.Header!.Format switch
        {
            ImageFormat.Jpeg when JpegHeader.LacksItsEnd(bytes) => [0xFF, 0xD9],
            ImageFormat.Png when PngHeader.LacksOnlyItsEnd(bytes) => [0, 0, 0, 0, (byte)'I', (byte)'E', (byte)'N', (byte)'D', 0xAE, 0x42, 0x60, 0x82],
            _ => [],
        };
        options.Add("access", Enums.Access.Sequential);

        // With the end put behind it, a file that lacks more gives no more than a warning, and none when its last rows were shrunk.
        options.Add("fail_on", end.IsEmpty ? Enums.FailOn.Error : Enums.FailOn.Warning);
        using var source = Source.NewFromMemory(end.IsEmpty ? bytes : (byte[])[.. bytes, .. end]);
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
