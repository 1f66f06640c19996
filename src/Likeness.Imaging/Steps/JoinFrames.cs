using Likeness.Imaging.Vips;

namespace Likeness.Imaging.Steps;

/// <summary>Puts an animation's frames below each other, which is how the encoders take them.</summary>
internal static class JoinFrames
{
    public static void Apply(Rendering work)
    {
        if (work.Frames.Count == 1)
        {
            return;
        }

        var strip = new VipsOperation("arrayjoin"u8).With("in"u8, work.Frames).With("across"u8, 1).Image();
        work.Dispose();
        work.Frames.Add(strip);
    }
}
