using System.Numerics;
using Likeness.Imaging.Drawing;

namespace Likeness.Imaging;

/// <summary>
/// What a picture looks like in 64 bits: the signs, against their median, of the 64 lowest frequencies of its grey 32 × 32
/// rendition. Copies that were scaled, recompressed or toned differ in few bits; other pictures differ in about half.
/// </summary>
public readonly record struct PerceptualHash(ulong Bits)
{
    /// <summary>Pictures that differ in at most so many bits count as near copies.</summary>
    public const int Threshold = 8;

    private const int Edge = 32;
    private const int Frequencies = 8;

    /// <summary>A plain area has no features that a copy could be known by: the standard deviation of its grey values, 0 to 255, is below this.</summary>
    private const double MinContrast = 4;

    private static readonly double[,] Cosines = Table();

    /// <summary>How many bits differ, 0 to 64.</summary>
    public int DistanceTo(PerceptualHash other) => BitOperations.PopCount(Bits ^ other.Bits);

    /// <summary>Null for a picture too plain to be recognised.</summary>
    /// <exception cref="ImageRefusedException">It cannot be decoded.</exception>
    /// <exception cref="RenderUnavailableException">No renderer could be had.</exception>
    public static async Task<PerceptualHash?> Of(ReadOnlyMemory<byte> picture, IImageRenderer renderer, CancellationToken cancellationToken = default)
    {
        var small = await renderer.Render(RenderRequest.Photo(picture, Edge, ImageFormat.Png), cancellationToken);
        return Of(Grey(Pixels.Decode(small.Bytes.Span)));
    }

    internal static PerceptualHash? Of(double[] grey)
    {
        var mean = grey.Average();
        if (Math.Sqrt(grey.Average(value => (value - mean) * (value - mean))) < MinContrast)
        {
            return null;
        }

        var strengths = new double[Frequencies * Frequencies];
        for (var at = 0; at < strengths.Length; at++)
        {
            strengths[at] = Strength(grey, (at % Frequencies) + 1, (at / Frequencies) + 1);
        }

        var median = strengths.Order().ElementAt(strengths.Length / 2);
        var bits = 0UL;
        for (var at = 0; at < strengths.Length; at++)
        {
            bits |= strengths[at] >= median ? 1UL << at : 0;
        }

        return new PerceptualHash(bits);
    }

    /// <summary>Luma on a white ground.</summary>
    private static double[] Grey(Pixels pixels)
    {
        var grey = new double[Edge * Edge];
        for (var at = 0; at < grey.Length; at++)
        {
            var (red, green, blue, alpha) = pixels.At(at % Edge, at / Edge);
            var luma = (0.299 * red) + (0.587 * green) + (0.114 * blue);
            grey[at] = 255 + ((luma - 255) * alpha / 255);
        }

        return grey;
    }

    /// <summary>One coefficient of the discrete cosine transform, its scale left out.</summary>
    private static double Strength(double[] grey, int across, int down)
    {
        var sum = 0.0;
        for (var at = 0; at < grey.Length; at++)
        {
            sum += grey[at] * Cosines[across, at % Edge] * Cosines[down, at / Edge];
        }

        return sum;
    }

    private static double[,] Table()
    {
        var table = new double[Frequencies + 1, Edge];
        for (var frequency = 0; frequency <= Frequencies; frequency++)
        {
            for (var at = 0; at < Edge; at++)
            {
                table[frequency, at] = Math.Cos(Math.PI * frequency * ((2 * at) + 1) / (2 * Edge));
            }
        }

        return table;
    }
}
