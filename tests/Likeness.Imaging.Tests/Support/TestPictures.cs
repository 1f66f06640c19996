using Likeness.Imaging.Vips;

namespace Likeness.Imaging.Tests.Support;

/// <summary>Pictures made on the spot: soft structures of several sizes with grain, like a photo.</summary>
internal static class TestPictures
{
    public static byte[] Jpeg(int width, int height, bool progressive = false, int quality = 88) =>
        Save(width, height, new VipsOperation("jpegsave_buffer"u8).With("interlace"u8, progressive).With("Q"u8, quality));

    public static byte[] Png(int width, int height, bool interlaced = false) =>
        Save(width, height, new VipsOperation("pngsave_buffer"u8).With("interlace"u8, interlaced).With("compression"u8, 1));

    public static byte[] WebP(int width, int height) => Save(width, height, new VipsOperation("webpsave_buffer"u8).With("effort"u8, 0));

    public static byte[] Gif(int width, int height) => Save(width, height, new VipsOperation("gifsave_buffer"u8).With("effort"u8, 1));

    public static byte[] Of(ImageFormat format, int width, int height) => format switch
    {
        ImageFormat.Jpeg => Jpeg(width, height),
        ImageFormat.Png => Png(width, height),
        ImageFormat.WebP => WebP(width, height),
        _ => Gif(width, height),
    };

    /// <summary>Frames of one plain colour each: red, green, blue, red ….</summary>
    public static byte[] Animation(ImageFormat format, int width, int height, int frames)
    {
        VipsLibrary.Start();
        double[][] colours = [[255, 0, 0], [0, 255, 0], [0, 0, 255]];
        var images = Enumerable.Range(0, frames).Select(frame => Plain(width, height, colours[frame % 3])).ToList();
        using var strip = new VipsOperation("arrayjoin"u8).With("in"u8, images).With("across"u8, 1).Image();
        images.ForEach(image => image.Dispose());
        using var animation = strip.ToMemory();
        animation.Set("page-height"u8, height);
        return (format == ImageFormat.Gif ? new VipsOperation("gifsave_buffer"u8) : new VipsOperation("webpsave_buffer"u8).With("lossless"u8, true))
            .With("in"u8, animation)
            .Bytes();
    }

    /// <summary>Top left red, top right green, bottom left blue, bottom right white.</summary>
    public static byte[] Quadrants(int width, int height)
    {
        VipsLibrary.Start();
        using var red = Plain(width / 2, height / 2, [255, 0, 0]);
        using var green = Plain(width / 2, height / 2, [0, 255, 0]);
        using var blue = Plain(width / 2, height / 2, [0, 0, 255]);
        using var white = Plain(width / 2, height / 2, [255, 255, 255]);
        using var all = new VipsOperation("arrayjoin"u8).With("in"u8, [red, green, blue, white]).With("across"u8, 2).Image();
        return new VipsOperation("jpegsave_buffer"u8).With("in"u8, all).With("Q"u8, 95).Bytes();
    }

    /// <summary>One colour with this opacity, as PNG.</summary>
    public static byte[] Translucent(int width, int height, double[] colour, double alpha)
    {
        VipsLibrary.Start();
        using var image = Plain(width, height, [.. colour, alpha]);
        return new VipsOperation("pngsave_buffer"u8).With("in"u8, image).Bytes();
    }

    public static VipsImage Plain(int width, int height, ReadOnlySpan<double> colour)
    {
        using var black = new VipsOperation("black"u8).With("width"u8, width).With("height"u8, height).With("bands"u8, colour.Length).Image();
        Span<double> ones = stackalloc double[colour.Length];
        ones.Fill(1);
        using var tinted = new VipsOperation("linear"u8).With("in"u8, black).With("a"u8, (ReadOnlySpan<double>)ones).With("b"u8, colour).With("uchar"u8, true).Image();
        return new VipsOperation("copy"u8).With("in"u8, tinted).With("interpretation"u8, (int)Interpretation.Srgb).Image();
    }

    private static byte[] Save(int width, int height, VipsOperation save)
    {
        using var image = PhotoLike.Make(width, height);
        return save.With("in"u8, image).Bytes();
    }
}
