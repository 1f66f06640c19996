using System.Text;
using Likeness.Imaging.Tests.Support;
using static Likeness.Imaging.Tests.Hostile.Corpus.Bytes;
using static Likeness.Imaging.Tests.Hostile.Corpus.HostileFile;

namespace Likeness.Imaging.Tests.Hostile.Corpus;

/// <summary>PNG files that promise, pack or repeat too much (PNG specification, third edition).</summary>
internal static class PngFiles
{
    private const int BehindHeader = 33;

    public static IEnumerable<HostileFile> All { get; } =
    [
        Gate("png of 65535 × 65535", RefusalReason.TooManyPixels, () => Bombs.Png(65_535, 65_535, interlaced: false)),
        Gate("png of 20000 × 20000 with all its pixels", RefusalReason.TooManyPixels, () => Flat(20_000, 20_000, 1, 0)),
        Gate("png of 7000 × 7000 interlaced", RefusalReason.TooManyPixels, () => Bombs.Png(7000, 7000, interlaced: true)),
        Gate("png as wide as a number can be", RefusalReason.TooManyPixels, () => Bombs.Png(int.MaxValue, int.MaxValue, interlaced: false)),
        Gate("png of negative width", RefusalReason.UnknownFormat, () => Bombs.Png(int.MinValue, 8, interlaced: false)),
        Gate("png of no height", RefusalReason.UnknownFormat, () => Bombs.Png(8, 0, interlaced: false)),
        Gate("png whose header comes second", RefusalReason.UnknownFormat, () => Small().Inserted(8, Chunk("tEXt", "a\0b"u8))),
        Gate("png with a header of the wrong length", RefusalReason.UnknownFormat, () => Small().With(8, 0, 0, 0, 14)),
        Gate("png one row high and wide as can be", RefusalReason.TooManyPixels, () => Bombs.Png(25_000_000, 1, interlaced: false)),
        Damaged("png of 25 million pixels, sixteen bits, without them", () => File(Header(5000, 5000, 16, 6, 1), Chunk("IDAT", PackedZeros(1)))),
        Picture("png of 25 million pixels, interlaced", () => File(Header(5000, 5000, 8, 0, 1), Chunk("IDAT", PackedZeros(25)))),
        Picture("png of 49 million one-bit pixels", () => Flat(7000, 7000, 1, 0)),
        Picture("png whose pixels unpack to a hundred times what they need", () => File(Header(64, 64, 8, 2, 0), Chunk("IDAT", PackedZeros(200)))),
        Picture("png with a packed profile of a gibibyte", () => WithChunks(Chunk("iCCP", [.. "p\0\0"u8, .. PackedZeros(1024)]))),
        Gate("png with a packed text of a gibibyte", RefusalReason.TooCostly, () => WithChunks(Chunk("zTXt", [.. "Comment\0\0"u8, .. PackedZeros(1024)]))),
        Gate("png with a hundred packed texts", RefusalReason.TooCostly, () => WithChunks(Repeat(Chunk("zTXt", [.. "Comment\0\0"u8, .. PackedZeros(7)]), 100))),
        Gate("png with an international text of a gibibyte", RefusalReason.TooCostly, () => WithChunks(Chunk("iTXt", [.. "XML:com.adobe.xmp\0\u0001\0\0\0"u8, .. PackedZeros(1024)]))),
        Picture("png with a hundred thousand texts", () => WithChunks(Repeat(Chunk("tEXt", "a\0b"u8), 100_000))),
        Picture("png with a hundred thousand unknown chunks", () => WithChunks(Repeat(Chunk("unKn", [1]), 100_000))),
        Damaged("png in a hundred thousand empty pieces", () => Small().Inserted(BehindHeader, Repeat(Chunk("IDAT", []), 100_000))),
        Picture("animated png of five thousand frames", () => Animated(5000)),
        Damaged("png with a wrong checksum of its header", () => Small().With(29, 1, 2, 3, 4)),
        Damaged("png with a wrong checksum of its pixels", () => Small() is var png ? png.With(png.Length - 16, 1, 2, 3, 4) : []),
        Damaged("png with a chunk of two gibibytes", () => Small().With(BehindHeader, 0x80, 0, 0, 0)),
        Damaged("png with a chunk of four gibibytes", () => Small().With(BehindHeader, 0xFF, 0xFF, 0xFF, 0xFF)),
        Damaged("png with a palette of one colour and pixels of two hundred", () => File(Header(64, 64, 8, 3, 0), Chunk("IDAT", Packed(Noise(64 * 65, 3))))),
        Damaged("png of a colour type that does not exist", () => File(Header(64, 64, 8, 5, 0), Chunk("IDAT", PackedZeros(1)))),
        Damaged("png of a depth that does not exist", () => File(Header(64, 64, 255, 2, 0), Chunk("IDAT", PackedZeros(1)))),
        Damaged("png of an interlacing that does not exist", () => File(Header(64, 64, 8, 2, 77), Chunk("IDAT", PackedZeros(1)))),
        Damaged("png without pixels", () => File(Header(64, 64, 8, 2, 0))),
        Damaged("png whose pixels are noise", () => File(Header(64, 64, 8, 2, 0), Chunk("IDAT", Noise(5000, 4)))),
        Damaged("png whose rows have filters that do not exist", () => File(Header(64, 64, 8, 2, 0), Chunk("IDAT", Packed(Repeat([0x77], 64 * 193))))),
        Picture("png with exif that points to itself", () => WithChunks(Chunk("eXIf", ExifFiles.PointingToItself))),
        Picture("png with a profile of nonsense", () => WithChunks(Chunk("iCCP", [.. "p\0\0"u8, .. Packed(ProfileFiles.Nonsense)]))),
    ];

    public static byte[] File(params IEnumerable<byte[]> chunks) => [0x89, .. "PNG\r\n"u8, 0x1A, 0x0A, .. chunks.SelectMany(chunk => chunk), .. Chunk("IEND", [])];

    public static byte[] Header(uint width, uint height, byte depth, byte colour, byte interlace) =>
        Chunk("IHDR", [.. Big32(width), .. Big32(height), depth, colour, 0, 0, interlace]);

    public static byte[] Chunk(string kind, ReadOnlySpan<byte> data)
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(kind), .. data];
        return [.. Big32((uint)data.Length), .. body, .. Big32(Segments.Crc(body))];
    }

    /// <summary>A small good picture with these chunks behind its header.</summary>
    public static byte[] WithChunks(byte[] chunks) => Small().Inserted(BehindHeader, chunks);

    private static byte[] Small() => TestPictures.Png(64, 64);

    private static byte[] Flat(uint width, uint height, byte depth, byte interlace)
    {
        var bytes = height * (1 + ((width * depth) + 7) / 8);
        return File(Header(width, height, depth, 0, interlace), Chunk("IDAT", PackedZeros((int)(bytes / (1024 * 1024)) + 1)));
    }

    private static byte[] Animated(int frames)
    {
        var still = Packed(new byte[64 * 65]);
        uint order = 0;
        var all = new List<byte[]> { Header(64, 64, 8, 0, 0), Chunk("acTL", [.. Big32((uint)frames), .. Big32(0)]), Control(), Chunk("IDAT", still) };
        for (var frame = 1; frame < frames; frame++)
        {
            all.Add(Control());
            all.Add(Chunk("fdAT", [.. Big32(order++), .. still]));
        }

        return File(all);

        byte[] Control() => Chunk("fcTL", [.. Big32(order++), .. Big32(64), .. Big32(64), .. Big32(0), .. Big32(0), 0, 1, 0, 100, 0, 0]);
    }
}
