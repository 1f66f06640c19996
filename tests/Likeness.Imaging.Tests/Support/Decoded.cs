using Likeness.Imaging.Drawing;
using NetVips;

namespace Likeness.Imaging.Tests.Support;

/// <summary>Opens an encoded picture with all its frames.</summary>
internal static class Decoded
{
    public static Image Open(ReadOnlyMemory<byte> encoded)
    {
        VipsLibrary.Start();
        if (!ImageGate.TryIdentify(encoded.Span, out var header))
        {
            throw new InvalidDataException("These bytes are no picture.");
        }

        using var source = Source.NewFromMemory(encoded.Span);
        return header.Format switch
        {
            ImageFormat.Jpeg => Image.JpegloadSource(source),
            ImageFormat.Png => Image.PngloadSource(source),
            ImageFormat.WebP => Image.WebploadSource(source, n: -1),
            ImageFormat.Avif => Image.HeifloadSource(source),
            _ => Gif(encoded.Span, header),
        };
    }

    private static Image Gif(ReadOnlySpan<byte> encoded, ImageHeader header)
    {
        using var animation = new GifAnimation(encoded, header);
        var frames = new List<Image>();
        while (animation.Next())
        {
            frames.Add(Image.NewFromMemoryCopy(animation.Pixels, animation.Width, animation.Height, 4, Enums.BandFormat.Uchar));
        }

        using var strip = Image.Arrayjoin([.. frames], across: 1);
        using var colour = strip.Copy(interpretation: Enums.Interpretation.Srgb);
        return colour.Mutate(image => image.Set(GValue.GIntType, "page-height", animation.Height));
    }
}
