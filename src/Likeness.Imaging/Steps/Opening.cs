using Likeness.Imaging.Drawing;
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
        var edge = EdgeOf(work.Request, header);
        var animated = work.Request.KeepsFrames(header);
        if (work.Request.Job is not RenderJob.Photo)
        {
            work.Size = Math.Min(animated ? Math.Min(work.Size, LargestAnimatedMaster) : work.Size, edge);
        }

        if (header.Format == ImageFormat.Gif)
        {
            Animation(work, animated);
            return;
        }


        // At least one pixel is left of either edge.
        var spare = Math.Min(edge / (LeftToResize * work.Size), Math.Min(header.Width, header.Height));
        var opened = header.Format switch
        {
            ImageFormat.Jpeg => Load("jpegload_source", work, new VOption { { "shrink", JpegHeader.LacksItsEnd(work.Request.Source.Span) ? 1 : JpegShrink(spare) } }),
            ImageFormat.Png => Load("pngload_source", work, []),
            ImageFormat.WebP => Load("webpload_source", work, new VOption { { "scale", 1 / Math.Max(1, spare) }, { "n", animated ? -1 : 1 } }),
            _ => Load("heifload_source", work, []),
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

    /// <summary>Decoded here and not by libvips, which shows other frames than browsers do.</summary>
    private static void Animation(Rendering work, bool animated)
    {
        using var animation = new GifAnimation(work.Request.Source.Span, work.Header!);
        var opaque = true;
        while (work.Frames.Count < (animated ? work.Header!.Frames : 1) && animation.Next())
        {
            using var pixels = Image.NewFromMemoryCopy(animation.Pixels, animation.Width, animation.Height, 4, Enums.BandFormat.Uchar);
            work.Frames.Add(pixels.Copy(interpretation: Enums.Interpretation.Srgb));
            opaque = opaque && animation.IsOpaque;
        }

        if (work.Frames.Count == 0)
        {
            throw new InvalidDataException("It has no frame.");
        }

        if (opaque)
        {
            work.Change(frame => frame.ExtractBand(0, n: 3));
        }

        work.Delays = [.. animation.Delays];
        work.Loops = animation.Loops;
    }

    // What is kept of the picture, which becomes the edge of the result, decides how small it may be opened.
    private static int EdgeOf(RenderRequest request, ImageHeader header) =>
        request.Job is RenderJob.Whole ? Math.Max(header.Width, header.Height)
        : request.Crop is { } crop ? Math.Max(1, (int)Math.Round(crop.In(header.Width, header.Height).Edge))
        : Math.Min(header.Width, header.Height);

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
