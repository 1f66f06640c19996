using Likeness.Imaging.Tests.Support;

namespace Likeness.Bench.Imaging;

/// <summary>How far a rendition looks from the ideal one: everything decoded at full size, then one Lanczos filter.</summary>
internal static class Quality
{
    public static double Distance(Case @case, ReadOnlyMemory<byte> rendered) => Perceptual.Distance(rendered, Ideal(@case));

    private static byte[] Ideal(Case @case)
    {
        using var whole = Decoded.Open(@case.Source.Bytes);
        using var small = whole.Resize((double)@case.Size / whole.Width);
        return small.PngsaveBuffer();
    }
}
