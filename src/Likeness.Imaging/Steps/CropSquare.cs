using Likeness.Imaging.Vips;

namespace Likeness.Imaging.Steps;

/// <summary>Keeps the centred square (L-31).</summary>
internal static class CropSquare
{
    public static void Apply(Rendering work)
    {
        if (work.First.Width != work.First.Height)
        {
            work.Change(Crop);
        }
    }

    private static VipsImage Crop(VipsImage image)
    {
        var edge = Math.Min(image.Width, image.Height);
        return new VipsOperation("extract_area"u8)
            .With("input"u8, image)
            .With("left"u8, (image.Width - edge) / 2)
            .With("top"u8, (image.Height - edge) / 2)
            .With("width"u8, edge)
            .With("height"u8, edge)
            .Image();
    }
}
