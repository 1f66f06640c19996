using Likeness.Imaging.Tests.Support;
using NetVips;
using static Likeness.Imaging.Tests.Hostile.Corpus.Bytes;
using static Likeness.Imaging.Tests.Hostile.Corpus.HostileFile;

namespace Likeness.Imaging.Tests.Hostile.Corpus;

/// <summary>JPEG files (ITU-T T.81) of rare kinds, with too many scans, tables and segments.</summary>
internal static class JpegFiles
{
    private const int MaxInSegment = 65_533;

    public static IEnumerable<HostileFile> All { get; } =
    [
        Gate("jpeg of 65535 × 65535", RefusalReason.TooManyPixels, () => Bombs.Jpeg(65_535, 65_535)),
        Gate("jpeg of 20000 × 20000", RefusalReason.TooManyPixels, () => Bombs.Jpeg(20_000, 20_000)),
        Gate("jpeg of 7000 × 7000, progressive", RefusalReason.TooManyPixels, () => Progressive(7000, 1)),
        Gate("jpeg of no height", RefusalReason.UnknownFormat, () => Bombs.Jpeg(64, 0)),
        Gate("jpeg without a frame", RefusalReason.UnknownFormat, () => [0xFF, 0xD8, 0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, 1, 2, 3]),
        Gate("jpeg of nothing but restart markers", RefusalReason.UnknownFormat, () => [0xFF, 0xD8, .. Repeat([0xFF, 0xD0], 2_000_000)]),
        Gate("jpeg of nothing but fill bytes", RefusalReason.UnknownFormat, () => [0xFF, 0xD8, .. Repeat([0xFF], 5_000_000)]),
        Gate("jpeg with a segment shorter than its length", RefusalReason.UnknownFormat, () => [0xFF, 0xD8, 0xFF, 0xE0, 0, 1, 0, 0, 0, 0]),
        Gate("jpeg of a hundred thousand scans", RefusalReason.TooCostly, () => Progressive(5000, 100_000)),
        Picture("jpeg of 25 million pixels in thirty scans", () => Progressive(5000, 30)),
        Picture("small jpeg of two hundred scans", () => Progressive(64, 200)),
        Gate("jpeg of 25 million pixels in ninety scans", RefusalReason.TooCostly, () => Progressive(5000, 90)),
        Damaged("jpeg of twelve bits", () => Precise(12)),
        Damaged("jpeg of lossless kind", () => Kind(0xC3)),
        Damaged("jpeg of hierarchical kind", () => Kind(0xC5)),
        Picture("jpeg with arithmetic coding", () => Kind(0xC9)),
        Picture("jpeg in inks", () => Inks()),
        Picture("jpeg in inks, turned", () => Turned()),
        Damaged("jpeg of ten colours", () => Frame(64, 64, 10)),
        Damaged("jpeg of no colour", () => Frame(64, 64, 0)),
        Damaged("jpeg with sampling of fifteen", () => Segments64() is var jpeg ? jpeg.With(FrameAt(jpeg) + 11, 0xFF) : []),
        Damaged("jpeg whose tables overflow", () => Small().Inserted(2, Table(Repeat([0xFF], 16)))),
        Picture("jpeg with a hundred thousand tables", () => Small().Inserted(2, Repeat(Table([0, 1, .. new byte[14]]), 100_000))),
        Picture("jpeg that restarts after each block and has no restart", () => Small().Inserted(2, 0xFF, 0xDD, 0, 4, 0, 1)),
        Picture("jpeg whose restarts never come", () => Small().Inserted(2, 0xFF, 0xDD, 0, 4, 0xFF, 0xFF)),
        Damaged("jpeg with a restart interval of the wrong length", () => Small().Inserted(2, 0xFF, 0xDD, 0, 9, 0, 1, 2, 3, 4, 5, 6)),
        Picture("jpeg with a thousand thumbnails", () => WithSegments(0xE0, [.. "JFXX\0\u0013"u8, 255, 255, .. new byte[5000]], 1000)),
        Picture("jpeg with thousands of comments", () => WithSegments(0xFE, "x"u8.ToArray(), 100_000)),
        Picture("jpeg with ten megabytes of xmp", () => WithSegments(0xE1, [.. "http://ns.adobe.com/xap/1.0/\0"u8, .. Repeat("<x>"u8.ToArray(), 21_000)], 150)),
        Picture("jpeg with two hundred pieces of profile", () => WithPieces(150, 255)),
        Picture("jpeg whose profile has pieces out of order", () => WithPieces(3, 1)),
        .. Profiles().Select(profile => Picture($"jpeg whose profile {profile.Name}", () => WithSegments(0xE2, [.. "ICC_PROFILE\0"u8, 1, 1, .. profile.Content], 1))),
        .. Exif().Select(exif => Picture($"jpeg whose exif {exif.Name}", () => WithSegments(0xE1, exif.Content.AsSpan(0, Math.Min(exif.Content.Length, MaxInSegment)).ToArray(), 1))),
        Picture("jpeg with garbage between its segments", () => Small().Inserted(20, Noise(100_000, 6).Select(octet => (byte)(octet & 0x7F)).ToArray())),
    ];

    /// <summary>One colour, progressive: a first scan and any number of scans that say "nothing new" in a few bytes.</summary>
    public static byte[] Progressive(int edge, int scans)
    {
        var blocks = ((edge + 7) / 8) * ((edge + 7) / 8);
        byte[] start =
        [
            0xFF, 0xD8, 0xFF, 0xDB, 0, 67, 0, .. Repeat([1], 64), 0xFF, 0xC2, .. Big16(11), 8, .. Big16(edge), .. Big16(edge), 1, 1, 0x11, 0,
            0xFF, 0xC4, .. Big16(20), 0x00, 1, .. new byte[15], 0, 0xFF, 0xC4, .. Big16(20), 0x10, 1, .. new byte[15], 0xE0,
            0xFF, 0xDA, .. Big16(8), 1, 1, 0, 0, 0, 0, .. new byte[(blocks / 8) + 1],
        ];

        // Each run ends 2^14 blocks: one bit for the symbol, fourteen of zero.
        var runs = (blocks >> 14) + 1;
        byte[] scan = [0xFF, 0xDA, .. Big16(8), 1, 1, 0, 1, 63, 0, .. new byte[((runs * 15) / 8) + 1]];
        return [.. start, .. Repeat(scan, scans - 1), 0xFF, 0xD9];
    }

    public static byte[] Inks()
    {
        using var light = TestPictures.Plain(64, 64, [10, 200, 30, 40]);
        using var inks = light.Copy(interpretation: Enums.Interpretation.Cmyk);
        return inks.JpegsaveBuffer();
    }

    /// <summary>So many segments of one kind behind the start of a small good picture.</summary>
    public static byte[] WithSegments(byte marker, byte[] content, int times) =>
        Small().Inserted(2, Repeat([0xFF, marker, .. Big16(content.Length + 2), .. content], times));

    private static byte[] Small() => TestPictures.Jpeg(64, 64);

    private static byte[] Segments64() => TestPictures.Jpeg(64, 64, quality: 50);

    private static int FrameAt(byte[] jpeg) => jpeg.AsSpan().IndexOf([(byte)0xFF, (byte)0xC0]);

    private static byte[] Kind(byte marker) => Small() is var jpeg ? jpeg.With(FrameAt(jpeg) + 1, marker) : [];

    private static byte[] Precise(byte bits) => Kind(0xC1) is var jpeg ? jpeg.With(jpeg.AsSpan().IndexOf([(byte)0xFF, (byte)0xC1]) + 4, bits) : [];

    // Adobe's marker says whether inks are stored as such or as luminance and colour.
    private static byte[] Turned() => Inks() is var jpeg ? jpeg.With(jpeg.AsSpan().IndexOf("Adobe"u8) + 11, 2) : [];

    private static byte[] Frame(int width, int height, byte colours) =>
    [
        0xFF, 0xD8, 0xFF, 0xC0, .. Big16(8 + (colours * 3)), 8, .. Big16(height), .. Big16(width), colours,
        .. Enumerable.Range(0, colours).SelectMany(colour => (byte[])[(byte)colour, 0x11, 0]), 0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, 0xFF, 0xD9,
    ];

    private static byte[] Table(byte[] counts)
    {
        var symbols = counts.Sum(count => count);
        return [0xFF, 0xC4, .. Big16(19 + symbols), 0x13, .. counts, .. new byte[symbols]];
    }

    private static byte[] WithPieces(int pieces, byte promised) =>
        Small().Inserted(2, [.. Enumerable.Range(1, pieces).Reverse().SelectMany(piece =>
            (byte[])[0xFF, 0xE2, .. Big16(60_016), .. "ICC_PROFILE\0"u8, (byte)piece, promised, .. new byte[60_000]])]);

    private static IEnumerable<(string Name, byte[] Content)> Profiles() =>
    [
        ("is nonsense", ProfileFiles.Nonsense),
        ("has millions of tags", ProfileFiles.MillionsOfTags),
        ("has an endless table", ProfileFiles.EndlessTable),
        ("has endless curves", ProfileFiles.EndlessCurves),
        ("is for inks", ProfileFiles.OfAnotherSpace),
    ];

    private static IEnumerable<(string Name, byte[] Content)> Exif() =>
    [
        ("points to itself", ExifFiles.PointingToItself),
        ("counts too far", ExifFiles.CountingTooFar),
        ("overlaps itself", ExifFiles.Overlapping),
        ("is nested deep", ExifFiles.Nested),
        ("leads astray", ExifFiles.Astray),
    ];
}
