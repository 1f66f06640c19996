using NetVips;

namespace Likeness.Imaging.Tests.Support;

/// <summary>Perlin noise in several sizes, three channels that partly agree, and a little grain.</summary>
internal static class PhotoLike
{
    public static Image Make(int width, int height)
    {
        VipsLibrary.Start();
        using var red = Channel(width, height, 1);
        using var green = Channel(width, height, 2);
        using var blue = Channel(width, height, 3);
        using var joined = red.Bandjoin(green, blue);
        using var bytes = joined.Cast(Enums.BandFormat.Uchar);
        using var colour = bytes.Copy(interpretation: Enums.Interpretation.Srgb);
        return colour.CopyMemory();
    }

    private static Image Channel(int width, int height, int seed)
    {
        using var large = Noise(width, height, 256, seed, 60);
        using var middle = Noise(width, height, 48, 7, 35);
        using var small = Noise(width, height, 9, 11, 14);
        using var grain = Image.Gaussnoise(width, height, sigma: 3, mean: 125, seed: seed);
        using var both = large.Add(middle);
        using var three = both.Add(small);
        return three.Add(grain);
    }

    private static Image Noise(int width, int height, int cell, int seed, double strength)
    {
        using var noise = Image.Perlin(width, height, cellSize: Math.Min(cell, Math.Min(width, height)), seed: seed);
        return noise.Linear([strength], [0.0]);
    }
}
