using NetVips;

namespace Likeness.Imaging.Tests.Support;

/// <summary>Pictures made on the spot: soft structures of several sizes with grain, like a photo.</summary>
internal static class TestPictures
{
    public static byte[] Jpeg(int width, int height, bool progressive = false, int quality = 88) =>
        Save(width, height, image => image.JpegsaveBuffer(q: quality, interlace: progressive));

    public static byte[] Png(int width, int height, bool interlaced = false) =>
        Save(width, height, image => image.PngsaveBuffer(compression: 1, interlace: interlaced));

    public static byte[] WebP(int width, int height) => Save(width, height, image => image.WebpsaveBuffer(effort: 0));

    public static byte[] Gif(int width, int height) => Save(width, height, image => image.GifsaveBuffer(effort: 1));

    public static byte[] Avif(int width, int height) =>
        Save(width, height, image => image.HeifsaveBuffer(q: 80, compression: Enums.ForeignHeifCompression.Av1, effort: 0));

    public static byte[] Of(ImageFormat format, int width, int height) => format switch
    {
        ImageFormat.Jpeg => Jpeg(width, height),
        ImageFormat.Png => Png(width, height),
        ImageFormat.WebP => WebP(width, height),
        ImageFormat.Avif => Avif(width, height),
        _ => Gif(width, height),
    };

    /// <summary>Frames of one plain colour each: red, green, blue, red ….</summary>
    public static byte[] Animation(ImageFormat format, int width, int height, int frames)
    {
        double[][] colours = [[255, 0, 0], [0, 255, 0], [0, 0, 255]];
        using var strip = Image.Arrayjoin([.. Enumerable.Range(0, frames).Select(frame => Plain(width, height, colours[frame % 3]))], across: 1);
        using var memory = strip.CopyMemory();
        using var animation = memory.Mutate(image => image.Set(GValue.GIntType, "page-height", height));
        return format == ImageFormat.Gif ? animation.GifsaveBuffer() : animation.WebpsaveBuffer(lossless: true);
    }

    /// <summary>Top left red, top right green, bottom left blue, bottom right white.</summary>
    public static byte[] Quadrants(int width, int height)
    {
        double[][] colours = [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]];
        using var all = Image.Arrayjoin([.. colours.Select(colour => Plain(width / 2, height / 2, colour))], across: 2);
        return all.JpegsaveBuffer(q: 95);
    }

    /// <summary>One colour with this opacity, as PNG.</summary>
    public static byte[] Translucent(int width, int height, double[] colour, double alpha)
    {
        using var image = Plain(width, height, [.. colour, alpha]);
        return image.PngsaveBuffer();
    }

    public static Image Plain(int width, int height, double[] colour)
    {
        VipsLibrary.Start();
        using var black = Image.Black(width, height, colour.Length);
        using var tinted = black.Linear([.. colour.Select(_ => 1.0)], colour, uchar: true);
        return tinted.Copy(interpretation: Enums.Interpretation.Srgb);
    }

    private static byte[] Save(int width, int height, Func<Image, byte[]> save)
    {
        using var image = PhotoLike.Make(width, height);
        return save(image);
    }
}
