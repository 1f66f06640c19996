using Likeness.Imaging.Tests.Support;
using static Likeness.Imaging.Tests.Hostile.Corpus.Bytes;
using static Likeness.Imaging.Tests.Hostile.Corpus.HostileFile;

namespace Likeness.Imaging.Tests.Hostile.Corpus;

/// <summary>GIF files (GIF89a) with too many frames, no pixels, or codes that mean nothing.</summary>
internal static class GifFiles
{
    private const int Clear = 4;
    private const int End = 5;
    private const int LastCode = 4094;

    private static readonly byte[] OnePixel = [2, 2, 0x44, 0x01, 0];

    public static IEnumerable<HostileFile> All { get; } =
    [
        Gate("gif of 65535 × 65535", RefusalReason.TooManyPixels, () => File(65_535, 65_535, Frame(0, 0, 1, 1, OnePixel))),
        Gate("gif of 20000 × 20000 with all its pixels", RefusalReason.TooManyPixels, () => File(20_000, 20_000, Frame(0, 0, 20_000, 20_000, Zeros(400_000_000)))),
        Gate("gif with a frame far outside", RefusalReason.TooManyPixels, () => File(8, 8, Frame(60_000, 60_000, 8, 8, Zeros(64)))),
        Gate("gif whose last frame is far outside", RefusalReason.TooManyPixels, () => File(8, 8, [.. Frame(0, 0, 8, 8, Zeros(64)), .. Frame(0, 0, 65_535, 65_535, OnePixel)])),
        Gate("gif of a hundred thousand frames", RefusalReason.TooManyFrames, () => File(8, 8, Repeat(Frame(0, 0, 1, 1, OnePixel), 100_000))),
        Gate("gif without a frame", RefusalReason.UnknownFormat, () => File(8, 8, [])),
        Gate("gif of nothing but extensions", RefusalReason.UnknownFormat, () => File(8, 8, Repeat([0x21, 0xFE, 1, 0, 0], 1_000_000))),
        Gate("gif of no width", RefusalReason.UnknownFormat, () => File(0, 8, Frame(0, 0, 0, 8, OnePixel))),
        Gate("gif whose colour table is longer than the file", RefusalReason.UnknownFormat, () => [.. "GIF89a"u8, 8, 0, 8, 0, 0xF7, 0, 0, 1, 2, 3]),
        Picture("gif of 25 million pixels", () => File(5000, 5000, Frame(0, 0, 5000, 5000, Zeros(25_000_000)))),
        Picture("gif of 25 million pixels, interlaced", () => File(5000, 5000, Frame(0, 0, 5000, 5000, Zeros(25_000_000), 0x40))),
        Picture("gif of a thousand frames of 300 × 300", () => File(300, 300, Repeat(Frame(0, 0, 300, 300, Zeros(90_000)), 1000))),
        Gate("gif of a thousand frames of 2000 × 2000", RefusalReason.TooManyPixels, () => File(2000, 2000, Repeat(Frame(0, 0, 2000, 2000, Zeros(4_000_000)), 1000))),
        Picture("gif that is drawn over thirty times", () => File(1000, 1000, Repeat([.. Control(3, 0), .. Frame(0, 0, 1000, 1000, Zeros(1_000_000))], 30))),
        Picture("gif with delays as long as can be", () => File(8, 8, Repeat([.. Control(2, 0xFFFF), .. Frame(0, 0, 8, 8, Zeros(64))], 20))),
        Picture("gif with frames of no size", () => File(8, 8, Repeat(Frame(0, 0, 0, 0, OnePixel), 10))),
        Damaged("gif whose codes are noise", () => File(64, 64, Frame(0, 0, 64, 64, [8, .. SubBlocks(Noise(2000, 7)), 0]))),
        Damaged("gif whose codes are twelve bits from the start", () => File(64, 64, Frame(0, 0, 64, 64, [12, .. SubBlocks(Noise(2000, 8)), 0]))),
        Damaged("gif with a code size of 255", () => File(64, 64, Frame(0, 0, 64, 64, [255, .. SubBlocks(Noise(200, 9)), 0]))),
        Damaged("gif with a code size of nothing", () => File(64, 64, Frame(0, 0, 64, 64, [0, .. SubBlocks(Noise(200, 10)), 0]))),
        Damaged("gif that clears and clears", () => File(64, 64, Frame(0, 0, 64, 64, [2, .. SubBlocks(Repeat([0x24, 0x49, 0x92], 300_000)), 0]))),
        Damaged("gif whose blocks never end", () => [.. File(64, 64, Frame(0, 0, 64, 64, [2, .. Repeat([0xFF], 500_000)]))]),
        Picture("gif with a comment of nine megabytes", () => File(8, 8, [0x21, 0xFE, .. SubBlocks(new byte[9_000_000]), 0, .. Frame(0, 0, 8, 8, Zeros(64))])),
        Picture("gif with a million empty comments", () => File(8, 8, [.. Repeat([0x21, 0xFE, 0], 1_000_000), .. Frame(0, 0, 8, 8, Zeros(64))])),
        Picture("gif with ten thousand loops", () => File(8, 8, [.. Repeat([0x21, 0xFF, 11, .. "NETSCAPE2.0"u8, 3, 1, 0, 0, 0], 10_000), .. Frame(0, 0, 8, 8, Zeros(64))])),
        Picture("gif with more frames behind garbage", () => File(8, 8, [.. Repeat(Frame(0, 0, 8, 8, Zeros(64)), 2), 0x77, .. Repeat(Frame(0, 0, 8, 8, Zeros(64)), 20_000)])),
        Picture("gif with more frames behind a broken extension", () => File(8, 8, [.. Repeat(Frame(0, 0, 8, 8, Zeros(64)), 2), 0x21, 0xF9, 200, .. Repeat(Frame(0, 0, 8, 8, Zeros(64)), 20_000)])),
        Picture("gif of one small frame on a large canvas", () => File(5000, 5000, Frame(4990, 4990, 10, 10, Zeros(100)))),
    ];

    /// <summary>A picture with a table of four colours.</summary>
    public static byte[] File(int width, int height, byte[] blocks) =>
        File(width, height, [0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255], blocks);

    /// <param name="colours">Three bytes each; as many as a power of two.</param>
    public static byte[] File(int width, int height, byte[] colours, byte[] blocks)
    {
        var bits = int.Log2(colours.Length / 3);
        return [.. "GIF89a"u8, .. Little16(width), .. Little16(height), (byte)(0xF0 | (bits - 1)), 0, 0, .. colours, .. blocks, 0x3B];
    }

    public static byte[] Frame(int left, int top, int width, int height, byte[] data, byte flags = 0) =>
        [0x2C, .. Little16(left), .. Little16(top), .. Little16(width), .. Little16(height), flags, .. data];

    public static byte[] SubBlocks(byte[] data) => [.. data.Chunk(255).SelectMany(part => (byte[])[(byte)part.Length, .. part])];

    /// <summary>LZW data of so many pixels of the first colour: each code stands for one pixel more than the one before.</summary>
    public static byte[] Zeros(int pixels)
    {
        var bits = new BitsFromTheLowEnd();
        var (code, length) = (End, 0);
        bits.Put(Clear, 3);
        while (pixels > 0)
        {
            (code, length) = (code + 1, length + 1);
            var last = Math.Min(length, pixels);
            bits.Put(last == 1 ? 0 : End + last - 1, Math.Max(3, int.Log2(Math.Max(1, code - 1)) + 1));
            pixels -= last;
            if (code == LastCode)
            {
                bits.Put(Clear, 12);
                (code, length) = (End, 0);
            }
        }

        bits.Put(End, Math.Max(3, int.Log2(code) + 1));
        return [2, .. SubBlocks(bits.ToArray()), 0];
    }

    private static byte[] Control(byte disposal, int delay) => [0x21, 0xF9, 4, (byte)(disposal << 2), .. Little16(delay), 0, 0];

    private sealed class BitsFromTheLowEnd
    {
        private readonly List<byte> _bytes = [];
        private int _held;
        private int _count;

        public void Put(int value, int bits)
        {
            _held |= value << _count;
            for (_count += bits; _count >= 8; _count -= 8)
            {
                _bytes.Add((byte)_held);
                _held >>= 8;
            }
        }

        public byte[] ToArray() => [.. _bytes, (byte)_held];
    }
}
