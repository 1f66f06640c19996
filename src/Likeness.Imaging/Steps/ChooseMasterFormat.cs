using Likeness.Imaging.Vips;

namespace Likeness.Imaging.Steps;

/// <summary>A master is a JPEG unless something shows through it; an animation stays what it is.</summary>
internal static class ChooseMasterFormat
{
    public static void Apply(Rendering work)
    {
        if (work.Request.Job != RenderJob.Master || work.Frames.Count > 1)
        {
            return;
        }

        work.Format = ImageFormat.Jpeg;
        if (work.First.HasAlpha)
        {
            work.Change(image => image.ToMemory());
            work.Format = IsTranslucent(work.First) ? ImageFormat.Png : ImageFormat.Jpeg;
        }
    }

    private static bool IsTranslucent(VipsImage image)
    {
        using var alpha = new VipsOperation("extract_band"u8).With("in"u8, image).With("band"u8, image.Bands - 1).Image();
        return new VipsOperation("min"u8).With("in"u8, alpha).Number() < byte.MaxValue;
    }
}
