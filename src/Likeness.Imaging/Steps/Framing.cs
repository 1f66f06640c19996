using NetVips;

namespace Likeness.Imaging.Steps;

/// <summary>Where the pixels go: square, of the asked size, the right way up.</summary>
internal static class Framing
{
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
            work.Change(image => image.HasAlpha() ? Translucent(image, work.Size) : Opaque(image, work.Size));
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

    private static Image Opaque(Image image, int size) =>
        image.Resize((double)size / image.Width, vscale: (double)size / image.Height);

    private static Image Translucent(Image image, int size)
    {
        using var premultiplied = image.Premultiply();
        using var resized = Opaque(premultiplied, size);
        using var straight = resized.Unpremultiply();
        return straight.Cast(image.Format);
    }
}
