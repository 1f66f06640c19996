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
