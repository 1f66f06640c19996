using Likeness.Imaging.Tests.Support;
using Likeness.Imaging.Vips;

namespace Likeness.Bench.Imaging;

/// <summary>How far a rendition looks from the ideal one: everything decoded at full size, then one Lanczos filter.</summary>
internal static unsafe class Quality
{
    public static double Distance(Case @case, ReadOnlyMemory<byte> rendered) => Perceptual.Distance(rendered, Ideal(@case));

    private static byte[] Ideal(Case @case)
    {
        VipsLibrary.Start();
        fixed (byte* source = @case.Source.Bytes)
        {
            using var whole = new VipsOperation("jpegload_buffer"u8).With("buffer"u8, source, @case.Source.Bytes.Length).Image();
            using var small = new VipsOperation("resize"u8).With("in"u8, whole).With("scale"u8, (double)@case.Size / whole.Width).Image();
            return new VipsOperation("pngsave_buffer"u8).With("in"u8, small).Bytes();
        }
    }
}
