using System.Buffers.Binary;
using Likeness.Imaging.Tests.Support;
using static Likeness.Imaging.Tests.Hostile.Corpus.Bytes;
using static Likeness.Imaging.Tests.Hostile.Corpus.HostileFile;

namespace Likeness.Imaging.Tests.Hostile.Corpus;

/// <summary>WebP files (RFC 9649) whose canvas, chunks and frames contradict each other.</summary>
internal static class WebPFiles
{
    private const byte AnimatedFlag = 0x02;
    private const byte AlphaFlag = 0x10;
    private const byte ProfileFlag = 0x20;

    public static IEnumerable<HostileFile> All { get; } =
    [
        Gate("webp with a canvas of 16 million squared", RefusalReason.TooManyPixels, () => File(Canvas(0, 1 << 24, 1 << 24), Lossless(8))),
        Gate("webp of 16383 × 16383, lossy", RefusalReason.TooManyPixels, () => File(Chunk("VP8 "u8, [0x10, 0, 0, 0x9D, 1, 0x2A, 0xFF, 0x3F, 0xFF, 0x3F, 0, 0]))),
        Gate("webp of 16384 × 16384, lossless", RefusalReason.TooManyPixels, () => File(Chunk("VP8L"u8, [0x2F, 0xFF, 0xFF, 0xFF, 0x0F, 0, 0, 0, 0, 0, 0]))),
        Gate("webp animation of ten thousand frames", RefusalReason.TooManyFrames, () => Animation(16, 16, Repeat(Frame(16, Lossless(16)), 10_000))),
        Gate("webp of no width", RefusalReason.UnknownFormat, () => File(Chunk("VP8 "u8, [0x10, 0, 0, 0x9D, 1, 0x2A, 0, 0, 8, 0, 0, 0]))),
        Gate("webp of an unknown kind", RefusalReason.UnknownFormat, () => File(Chunk("VP9 "u8, new byte[40]))),
        Damaged("webp with a canvas larger than its picture", () => File(Canvas(0, 4000, 4000), Lossless(8))),
        Damaged("webp with a canvas smaller than its picture", () => File(Canvas(0, 8, 8), Lossless(400))),
        Damaged("webp animation with a canvas smaller than its frames", () => Animation(8, 8, Repeat(Frame(400, Lossless(400)), 3))),
        Picture("webp animation whose frames lie about their size", () => Animation(400, 400, Repeat(Frame(400, Lossless(8)), 3))),
        Damaged("webp animation whose frames lie outside", () => Animation(16, 16, Repeat(Frame(16, Lossless(16), left: 0xFFFFFF), 3))),
        Damaged("webp animation without frames", () => Animation(16, 16, [])),
        Damaged("webp animation of frames without pixels", () => Animation(16, 16, Repeat(Frame(16, []), 5))),
        Picture("webp animation of a thousand frames of 300 × 300", () => Animation(300, 300, Repeat(Frame(300, Lossless(300)), 1000))),
        Gate("webp animation of a thousand frames of 5000 × 5000", RefusalReason.TooManyPixels, () => Animation(5000, 5000, Repeat(Frame(5000, Lossless(5000)), 1000))),
        Gate("webp animation of small frames on a large canvas", RefusalReason.TooManyPixels, () => Animation(5000, 5000, Repeat(Frame(8, Lossless(8)), 1000))),
        Picture("webp of 25 million pixels, lossless", () => LargePictures.LosslessWebP(5000, 5000)),
        Damaged("webp whose alpha is noise", () => File(Canvas(AlphaFlag, 64, 64), Chunk("ALPH"u8, [1, .. Noise(500, 11)]), Lossy())),
        Damaged("webp whose alpha is missing its pixels", () => File(Canvas(AlphaFlag, 64, 64), Chunk("ALPH"u8, []), Lossy())),
        Picture("webp with five megabytes of alpha", () => File(Canvas(AlphaFlag, 64, 64), Chunk("ALPH"u8, [0, .. new byte[5_000_000]]), Lossy())),
        Picture("webp whose profile is nonsense", () => File(Canvas(ProfileFlag, 16, 16), Chunk("ICCP"u8, ProfileFiles.Nonsense), Lossless(16))),
        Picture("webp whose profile has an endless table", () => File(Canvas(ProfileFlag, 16, 16), Chunk("ICCP"u8, ProfileFiles.EndlessTable), Lossless(16))),
        Picture("webp with nine megabytes of xmp", () => File(Canvas(0x04, 16, 16), Lossless(16), Chunk("XMP "u8, new byte[9_000_000]))),
        Picture("webp whose exif points to itself", () => File(Canvas(0x08, 16, 16), Lossless(16), Chunk("EXIF"u8, ExifFiles.PointingToItself))),
        Picture("webp with a hundred thousand unknown chunks", () => File(Canvas(0, 16, 16), Repeat(Chunk("NOPE"u8, []), 100_000), Lossless(16))),
        Damaged("webp of four gibibytes, it says", () => File(Lossless(16)).With32(4, uint.MaxValue)),
        Damaged("webp of no bytes, it says", () => File(Lossless(16)).With32(4, 0)),
        Damaged("webp of an odd number of bytes, it says", () => File(Lossless(64)).With32(4, 21)),
        Damaged("webp with a chunk of four gibibytes", () => File(Lossless(16)).With32(16, uint.MaxValue)),
        Damaged("webp whose pixels are noise", () => File(Chunk("VP8L"u8, [0x2F, 63, 0xC0, 0x0F, 0, .. Noise(800, 12)]))),
        Damaged("webp whose first part is longer than the file", () => File(Chunk("VP8 "u8, [0xF0, 0xFF, 0xFF, 0x9D, 1, 0x2A, 64, 0, 64, 0, .. Noise(500, 13)]))),
    ];

    public static byte[] File(params IEnumerable<byte[]> chunks)
    {
        byte[] content = [.. "WEBP"u8, .. chunks.SelectMany(chunk => chunk)];
        return [.. "RIFF"u8, .. Little32((uint)content.Length), .. content];
    }

    public static byte[] Chunk(ReadOnlySpan<byte> kind, ReadOnlySpan<byte> data) =>
        [.. kind, .. Little32((uint)data.Length), .. data, .. new byte[data.Length & 1]];

    public static byte[] Canvas(byte flags, int width, int height) =>
        Chunk("VP8X"u8, [flags, 0, 0, 0, .. Little24(width - 1), .. Little24(height - 1)]);

    /// <summary>The pixels of a good picture of one colour.</summary>
    public static byte[] Lossless(int edge) => Taken(LargePictures.LosslessWebP(edge, edge), "VP8L"u8);

    private static byte[] Lossy() => Taken(TestPictures.WebP(64, 64), "VP8 "u8);

    private static byte[] Animation(int width, int height, byte[] frames) =>
        File(Canvas(AnimatedFlag, width, height), Chunk("ANIM"u8, new byte[6]), frames);

    private static byte[] Frame(int edge, byte[] pixels, int left = 0) =>
        Chunk("ANMF"u8, [.. Little24(left), .. Little24(0), .. Little24(edge - 1), .. Little24(edge - 1), .. Little24(10), 0, .. pixels]);

    private static byte[] Taken(byte[] webp, ReadOnlySpan<byte> kind)
    {
        var at = webp.AsSpan().IndexOf(kind);
        var length = BinaryPrimitives.ReadInt32LittleEndian(webp.AsSpan(at + 4));
        return webp.AsSpan(at, 8 + length + (length & 1)).ToArray();
    }
}
