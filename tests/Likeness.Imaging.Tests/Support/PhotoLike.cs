using Likeness.Imaging.Vips;

namespace Likeness.Imaging.Tests.Support;

/// <summary>Perlin noise in several sizes, three channels that partly agree, and a little grain.</summary>
internal static class PhotoLike
{
    public static VipsImage Make(int width, int height)
    {
        VipsLibrary.Start();
        var channels = new[] { Channel(width, height, 1), Channel(width, height, 2), Channel(width, height, 3) };
        using var joined = new VipsOperation("bandjoin"u8).With("in"u8, channels).Image();
        Array.ForEach(channels, channel => channel.Dispose());
        using var bytes = new VipsOperation("cast"u8).With("in"u8, joined).With("format"u8, VipsImage.FormatByte).Image();
        using var colour = new VipsOperation("copy"u8).With("in"u8, bytes).With("interpretation"u8, (int)Interpretation.Srgb).Image();
        return colour.ToMemory();
    }

    private static VipsImage Channel(int width, int height, int seed)
    {
        using var large = Noise(width, height, 256, seed, 60);
        using var middle = Noise(width, height, 48, 7, 35);
        using var small = Noise(width, height, 9, 11, 14);
        using var grain = new VipsOperation("gaussnoise"u8)
            .With("width"u8, width).With("height"u8, height).With("mean"u8, 125.0).With("sigma"u8, 3.0).With("seed"u8, seed).Image();
        using var both = Add(large, middle);
        using var three = Add(both, small);
        return Add(three, grain);
    }

    private static VipsImage Noise(int width, int height, int cell, int seed, double strength)
    {
        using var noise = new VipsOperation("perlin"u8)
            .With("width"u8, width).With("height"u8, height).With("cell-size"u8, Math.Min(cell, Math.Min(width, height))).With("seed"u8, seed).Image();
        return new VipsOperation("linear"u8).With("in"u8, noise).With("a"u8, [strength]).With("b"u8, [0.0]).Image();
    }

    private static VipsImage Add(VipsImage left, VipsImage right) =>
        new VipsOperation("add"u8).With("left"u8, left).With("right"u8, right).Image();
}
