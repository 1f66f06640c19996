using Likeness.Imaging.Headers;
using NetVips;

namespace Likeness.Imaging.Steps;

/// <summary>From pixels to a file with nothing in it but the picture.</summary>
internal static class Writing
{
    /// <summary>Small enough, and no difference is seen at the sizes of avatars.</summary>
    private const int JpegQuality = 85;

    /// <summary>A master is rendered once more before anybody sees it.</summary>
    private const int MasterJpegQuality = 92;

    private const int WebPQuality = 80;
    private const int AvifQuality = 60;

    /// <summary>Of 0 to 9: each step takes up to four times as long as the one before, for a few per cent of bytes.</summary>
    private const int AvifEffort = 2;

    /// <summary>Of 1 to 10: above 3 the choice of colours alone takes ten times as long as all the rest, and nobody sees it.</summary>
    private const int GifEffort = 3;

    /// <summary>A master is what was sent where that is JPEG or PNG; otherwise a PNG if something shows through it or it was without loss, a JPEG if not. An animation stays what it is.</summary>
    public static void ChooseMasterFormat(Rendering work)
    {
        if (work.Request.Job is not (RenderJob.Master or RenderJob.Whole) || work.Frames.Count > 1 || work.Format is ImageFormat.Jpeg or ImageFormat.Png)
        {
            return;
        }

        work.Format = work.Format is ImageFormat.Gif ? ImageFormat.Png : ImageFormat.Jpeg;
        if (work.First.HasAlpha())
        {
            work.Change(image => image.CopyMemory());
            work.Format = IsTranslucent(work.First) ? ImageFormat.Png : work.Format;
        }
    }

    /// <summary>Puts an animation's frames below each other, which is how the encoders take them.</summary>
    public static void JoinFrames(Rendering work)
    {
        if (work.Frames.Count > 1)
        {
            var strip = Image.Arrayjoin([.. work.Frames], across: 1);
            work.Dispose();
            work.Frames.Add(strip);
        }
    }

    /// <summary>Removes everything that is not pixels: EXIF with its places, XMP, IPTC, profiles, texts. What drives an animation stays.</summary>
    public static void StripMetadata(Rendering work) => work.Change(image => image.Mutate(bare =>
    {
        foreach (var field in bare.GetFields())
        {
            if (field is not ("delay" or "loop" or "n-pages" or "gif-palette"))
            {
                bare.Remove(field);
            }
        }

        if (work.Delays is { } delays)
        {
            bare.Set(GValue.ArrayIntType, "delay", delays);
            bare.Set(GValue.GIntType, "loop", work.Loops);
        }

        if (bare.Height > work.Size)
        {
            bare.Set(GValue.GIntType, "page-height", work.Size);
        }
    }));

    /// <summary>Writes the format; this is where the pixels are at last computed.</summary>
    public static void Encode(Rendering work)
    {
        const Enums.ForeignKeep nothing = Enums.ForeignKeep.None;
        var bytes = work.Format switch
        {
            ImageFormat.Jpeg => work.First.JpegsaveBuffer(q: work.Request.Job is RenderJob.Master or RenderJob.Whole ? MasterJpegQuality : JpegQuality, keep: nothing),
            ImageFormat.Png => work.First.PngsaveBuffer(keep: nothing),
            ImageFormat.WebP => work.First.WebpsaveBuffer(q: WebPQuality, keep: nothing),
            ImageFormat.Avif => work.First.HeifsaveBuffer(q: AvifQuality, compression: Enums.ForeignHeifCompression.Av1, effort: AvifEffort, keep: nothing),
            _ => WithoutText(work.First.GifsaveBuffer(effort: GifEffort, keep: nothing)),
        };
        var (width, height) = work.Request.Job is RenderJob.Whole ? (work.First.Width, work.First.Height) : (work.Size, work.Size);
        work.Result = new RenderedImage(bytes, work.Format, width, height);
    }

    /// <summary>A table of colours is the one place where a stranger's bytes could come out as they went in; with the last bit of each set nobody sees a difference and no text is left.</summary>
    private static byte[] WithoutText(byte[] gif)
    {
        foreach (var table in GifHeader.ColourTables(gif))
        {
            foreach (ref var component in gif.AsSpan(table))
            {
                component |= 1;
            }
        }

        return gif;
    }

    private static bool IsTranslucent(Image image)
    {
        using var alpha = image.ExtractBand(image.Bands - 1);
        return alpha.Min() < byte.MaxValue;
    }
}
