namespace Likeness.Imaging.Tests.Support;

/// <summary>A picture on white in CIELAB, decoded once to be compared with many others.</summary>
internal sealed class LabPicture
{
    private static readonly float[] Linear =
        [.. Enumerable.Range(0, 256).Select(value => value / 255f).Select(value => value <= 0.04045f ? value / 12.92f : MathF.Pow((value + 0.055f) / 1.055f, 2.4f))];

    private readonly (float L, float A, float B)[] _pixels;

    public LabPicture(RenderedImage image)
    {
        var pixels = Pixels.Of(image);
        _pixels = [.. from y in Enumerable.Range(0, pixels.Height) from x in Enumerable.Range(0, pixels.Width) select Lab(pixels[x, y])];
    }

    /// <summary>Mean CIE76 difference of the pixels: about 2.3 is what an eye just sees.</summary>
    public float DistanceTo(LabPicture other)
    {
        var sum = 0f;
        for (var i = 0; i < _pixels.Length; i++)
        {
            var (left, right) = (_pixels[i], other._pixels[i]);
            var (l, a, b) = (left.L - right.L, left.A - right.A, left.B - right.B);
            sum += MathF.Sqrt((l * l) + (a * a) + (b * b));
        }

        return sum / _pixels.Length;
    }

    private static (float L, float A, float B) Lab(ReadOnlySpan<byte> pixel)
    {
        var alpha = pixel.Length > 3 ? pixel[3] / 255f : 1;
        var (red, green, blue) = (OnWhite(pixel[0], alpha), OnWhite(pixel[1], alpha), OnWhite(pixel[2], alpha));
        var x = Root(((0.4124f * red) + (0.3576f * green) + (0.1805f * blue)) / 0.9505f);
        var y = Root((0.2126f * red) + (0.7152f * green) + (0.0722f * blue));
        var z = Root(((0.0193f * red) + (0.1192f * green) + (0.9505f * blue)) / 1.089f);
        return ((116 * y) - 16, 500 * (x - y), 200 * (y - z));
    }

    private static float OnWhite(byte value, float alpha) => Linear[(int)((value * alpha) + (255 * (1 - alpha)))];

    private static float Root(float value) => value > 0.008856f ? MathF.Cbrt(value) : (7.787f * value) + (16f / 116);
}
