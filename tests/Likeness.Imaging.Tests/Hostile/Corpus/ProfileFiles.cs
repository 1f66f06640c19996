using static Likeness.Imaging.Tests.Hostile.Corpus.Bytes;

namespace Likeness.Imaging.Tests.Hostile.Corpus;

/// <summary>Colour profiles (ICC.1) whose tables claim what no file can hold.</summary>
internal static class ProfileFiles
{
    /// <summary>Noise behind a signature.</summary>
    public static byte[] Nonsense { get; } = Noise(3000, 5).With(36, "acsp"u8);

    /// <summary>Millions of tags in a file of a few hundred bytes.</summary>
    public static byte[] MillionsOfTags { get; } = Profile("RGB "u8, uint.MaxValue / 12, []);

    /// <summary>A look-up table with 255 grid points in each of fifteen inputs.</summary>
    public static byte[] EndlessTable { get; } = Profile("RGB "u8, 1, Tag("A2B0"u8, 144, 60), [.. "mft1"u8, 0, 0, 0, 0, 15, 15, 255, 0, .. new byte[60]]);

    /// <summary>Curves with four thousand million points each.</summary>
    public static byte[] EndlessCurves { get; } = Profile(
        "RGB "u8,
        6,
        [.. Tag("rTRC"u8, 204, 16), .. Tag("gTRC"u8, 204, 16), .. Tag("bTRC"u8, 204, 16), .. Tag("rXYZ"u8, 204, 20), .. Tag("gXYZ"u8, 204, 20), .. Tag("bXYZ"u8, 204, 20)],
        [.. "curv"u8, 0, 0, 0, 0, .. Big32(uint.MaxValue), .. new byte[40]]);

    /// <summary>A profile for inks in a picture of light.</summary>
    public static byte[] OfAnotherSpace { get; } = Profile("CMYK"u8, 0, []);

    /// <summary>A good one whose only table is the perceptual one: two points an axis, from RGB to XYZ, as if red were blue and blue were red.</summary>
    public static byte[] TurningRedToBlue { get; } = Profile("RGB "u8, 1, Tag("A2B0"u8, 144, 124), SwappingTable());

    private static byte[] SwappingTable()
    {
        // XYZ (D50) of sRGB's primaries; 32,768 is 1.
        (double X, double Y, double Z)[] primaries = [(0.143, 0.061, 0.714), (0.385, 0.717, 0.097), (0.436, 0.222, 0.014)];
        var points = Enumerable.Range(0, 8).SelectMany(point =>
        {
            var (red, green, blue) = (point >> 2, (point >> 1) & 1, point & 1);
            return new[]
            {
                (red * primaries[0].X) + (green * primaries[1].X) + (blue * primaries[2].X),
                (red * primaries[0].Y) + (green * primaries[1].Y) + (blue * primaries[2].Y),
                (red * primaries[0].Z) + (green * primaries[1].Z) + (blue * primaries[2].Z),
            };
        });
        return
        [
            .. "mft2"u8, 0, 0, 0, 0, 3, 3, 2, 0,
            .. (int[])[1, 0, 0, 0, 1, 0, 0, 0, 1] is var unit ? unit.SelectMany(number => Big32((uint)(number << 16))) : [],
            .. Big16(2), .. Big16(2), .. Curves(), .. points.SelectMany(value => Big16((int)(value * 32_768))), .. Curves(),
        ];

        static IEnumerable<byte> Curves() => Enumerable.Repeat((byte[])[0, 0, 255, 255], 3).SelectMany(curve => curve);
    }

    private static byte[] Profile(ReadOnlySpan<byte> space, uint tags, byte[] table, params byte[] content)
    {
        byte[] header =
        [
            .. Big32((uint)(132 + table.Length + content.Length)), .. "lcms"u8, 2, 0x10, 0, 0, .. "mntr"u8, .. space, .. "XYZ "u8,
            .. new byte[12], .. "acsp"u8, .. new byte[128 - 40],
        ];
        return [.. header, .. Big32(tags), .. table, .. content];
    }

    private static byte[] Tag(ReadOnlySpan<byte> name, uint offset, uint size) => [.. name, .. Big32(offset), .. Big32(size)];
}
