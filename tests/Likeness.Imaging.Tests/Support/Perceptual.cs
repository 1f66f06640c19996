using Likeness.Imaging.Vips;

namespace Likeness.Imaging.Tests.Support;

/// <summary>How different two pictures look: the mean CIEDE2000 difference of their pixels on white. 1 is what an eye just sees.</summary>
internal static class Perceptual
{
    public static double Distance(ReadOnlyMemory<byte> left, ReadOnlyMemory<byte> right)
    {
        using var first = Decoded.Open(left, out var firstPin);
        using var second = Decoded.Open(right, out var secondPin);
        using (firstPin)
        using (secondPin)
        {
            using var firstLab = Lab(first);
            using var secondLab = Lab(second);
            using var difference = new VipsOperation("dE00"u8).With("left"u8, firstLab).With("right"u8, secondLab).Image();
            return new VipsOperation("avg"u8).With("in"u8, difference).Number();
        }
    }

    private static VipsImage Lab(VipsImage image)
    {
        using var flat = image.HasAlpha
            ? new VipsOperation("flatten"u8).With("in"u8, image).With("background"u8, [255.0]).Image()
            : new VipsOperation("copy"u8).With("in"u8, image).Image();
        const int lab = 13;
        return new VipsOperation("colourspace"u8).With("in"u8, flat).With("space"u8, lab).Image();
    }
}
