using NetVips;

namespace Likeness.Imaging.Steps;

/// <summary>Where the pixels go: square, of the asked size, the right way up.</summary>
internal static class Framing
{
    /// <summary>Cuts the square that was asked for; the picture is turned upright first, because it was asked for as it is seen.</summary>
    public static void Cut(Rendering work)
    {
        if (work.Request.Crop is not { } crop)
        {
            return;
        }

        Orient(work);
        var header = work.Header!;
        var scale = Math.Max(work.First.Width, work.First.Height) / (double)Math.Max(header.Width, header.Height);
        var isTurned = (work.First.Width > work.First.Height) != (header.Width > header.Height);
        var square = isTurned ? crop.In(header.Height, header.Width) : crop.In(header.Width, header.Height);
        work.Change(image => Cut(image, crop.IsMirrored, square, scale));
    }

    private static Image Cut(Image image, bool isMirrored, CropSquare square, double scale)
    {
        var edge = Math.Max(1, (int)Math.Round(square.Edge * scale));
        var (x, y) = (square.CentreX * scale, square.CentreY * scale);
        if (isMirrored)
        {
            x = image.Width - x;
        }

        // No more than the square can reach is looked at, and that in any order.
        var reach = (int)Math.Ceiling(square.Angle == 0 ? edge / 2.0 : edge / Math.Sqrt(2)) + 2;
        var (left, top) = (Math.Clamp((int)x - reach, 0, image.Width - 1), Math.Clamp((int)y - reach, 0, image.Height - 1));
        var (right, bottom) = (Math.Clamp((int)x + reach, left + 1, image.Width), Math.Clamp((int)y + reach, top + 1, image.Height));
        using var near = image.ExtractArea(left, top, right - left, bottom - top);
        using var inMemory = near.CopyMemory();
        using var mirrored = isMirrored ? inMemory.FlipHor() : inMemory.Copy();
        x = isMirrored ? right - x : x - left;
        y -= top;

        // White, or nothing where the picture knows nothing.
        var white = image.HasAlpha() || image.Interpretation == Enums.Interpretation.Cmyk ? 0.0 : image.Format == Enums.BandFormat.Ushort ? ushort.MaxValue : byte.MaxValue;
        var background = Enumerable.Repeat(white, image.Bands).ToArray();
        if (square.Angle == 0)
        {
            using var cut = mirrored.Embed((int)-Math.Round(x - (edge / 2.0)), (int)-Math.Round(y - (edge / 2.0)), edge, edge, extend: Enums.Extend.Background, background: background);
            return cut.CopyMemory();
        }

        var angle = square.Angle * Math.PI / 180;
        using var interpolate = Interpolate.NewFromName("bicubic");
        using var turned = mirrored.Affine(
            [Math.Cos(angle), -Math.Sin(angle), Math.Sin(angle), Math.Cos(angle)],
            interpolate: interpolate,
            oarea: [0, 0, edge, edge],
            idx: 0.5 - x,
            idy: 0.5 - y,
            odx: (edge / 2.0) - 0.5,
            ody: (edge / 2.0) - 0.5,
            background: background,
            extend: Enums.Extend.Background);
        return turned.CopyMemory();
    }

    /// <summary>Keeps the centred square.</summary>
    public static void CropSquare(Rendering work)
    {
        if (work.First.Width != work.First.Height)
        {
            work.Change(image =>
            {
                var edge = Math.Min(image.Width, image.Height);
                return image.ExtractArea((image.Width - edge) / 2, (image.Height - edge) / 2, edge, edge);
            });
        }
    }

    /// <summary>Scales to the exact size with a Lanczos filter; colours under transparent pixels do not bleed.</summary>
    public static void Resize(Rendering work)
    {
        if (work.First.Width != work.Size || work.First.Height != work.Size)
        {
            work.Change(image => Scaled(image, (double)work.Size / image.Width, (double)work.Size / image.Height));
        }
    }

    /// <summary>Makes all of it small enough.</summary>
    public static void Fit(Rendering work)
    {
        var scale = work.Size / (double)Math.Max(work.First.Width, work.First.Height);
        if (scale < 1)
        {
            work.Change(image => Scaled(image, scale, scale));
        }
    }

    /// <summary>Turns and mirrors as EXIF says.</summary>
    public static void Orient(Rendering work)
    {
        if (work.First.Contains("orientation") && (int)work.First.Get("orientation") > 1)
        {
            work.Change(image =>
            {
                using var anyOrder = image.CopyMemory();
                return anyOrder.Autorot();
            });
        }
    }

    private static Image Scaled(Image image, double across, double down)
    {
        if (!image.HasAlpha())
        {
            return image.Resize(across, vscale: down);
        }

        using var premultiplied = image.Premultiply();
        using var resized = premultiplied.Resize(across, vscale: down);
        using var straight = resized.Unpremultiply();
        return straight.Cast(image.Format);
    }
}
