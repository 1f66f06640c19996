using Likeness.Imaging.Vips;

namespace Likeness.Imaging.Steps;

/// <summary>Lays a translucent picture on white where the format knows no alpha.</summary>
internal static class Flatten
{
    public static void Apply(Rendering work)
    {
        if (work.Format == ImageFormat.Jpeg && work.First.HasAlpha)
        {
            work.Change(image => new VipsOperation("flatten"u8).With("in"u8, image).With("background"u8, [255.0]).Image());
        }
    }
}
