using NetVips;

namespace Likeness.Imaging.Tests.Support;

/// <summary>How different two pictures look: the mean CIEDE2000 difference of their pixels on white. 1 is what an eye just sees.</summary>
internal static class Perceptual
{
    public static double Distance(ReadOnlyMemory<byte> left, ReadOnlyMemory<byte> right)
    {
        using var first = Lab(left);
        using var second = Lab(right);
        using var difference = first.DE00(second);
        return difference.Avg();
    }

    private static Image Lab(ReadOnlyMemory<byte> encoded)
    {
        using var image = Decoded.Open(encoded);
        using var flat = image.HasAlpha() ? image.Flatten(background: [255.0]) : image.Copy();
        return flat.Colourspace(Enums.Interpretation.Lab);
    }
}
