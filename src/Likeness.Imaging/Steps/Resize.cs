using Likeness.Imaging.Vips;

namespace Likeness.Imaging.Steps;

/// <summary>Scales to the exact size with a Lanczos filter; colours under transparent pixels do not bleed.</summary>
internal static class Resize
{
    public static void Apply(Rendering work)
    {
        if (work.First.Width != work.Size || work.First.Height != work.Size)
        {
            work.Change(image => image.HasAlpha ? Translucent(image, work.Size) : Opaque(image, work.Size));
        }
    }

    private static VipsImage Opaque(VipsImage image, int size) =>
        new VipsOperation("resize"u8)
            .With("in"u8, image)
            .With("scale"u8, (double)size / image.Width)
            .With("vscale"u8, (double)size / image.Height)
            .Image();

    private static VipsImage Translucent(VipsImage image, int size)
    {
        using var premultiplied = new VipsOperation("premultiply"u8).With("in"u8, image).Image();
        using var resized = Opaque(premultiplied, size);
        using var straight = new VipsOperation("unpremultiply"u8).With("in"u8, resized).Image();
        return new VipsOperation("cast"u8).With("in"u8, straight).With("format"u8, image.Format).Image();
    }
}
