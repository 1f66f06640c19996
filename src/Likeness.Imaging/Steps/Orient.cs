using Likeness.Imaging.Vips;

namespace Likeness.Imaging.Steps;

/// <summary>Turns and mirrors as EXIF says.</summary>
internal static class Orient
{
    public static void Apply(Rendering work)
    {
        if (work.First.Orientation > 1)
        {
            work.Change(image =>
            {
                using var anyOrder = image.ToMemory();
                return new VipsOperation("autorot"u8).With("in"u8, anyOrder).Image();
            });
        }
    }
}
