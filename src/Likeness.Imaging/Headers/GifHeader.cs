using System.Buffers.Binary;

namespace Likeness.Imaging.Headers;

/// <summary>Hops over GIF blocks and counts the image descriptors (GIF89a §20).</summary>
internal static class GifHeader
{
    private const int ScreenDescriptor = 6;
    public const int FirstBlock = 13;
    private const byte Extension = 0x21;
    public const byte Descriptor = 0x2C;
    public const int DescriptorBytes = 10;

    public static ImageHeader? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < FirstBlock)
        {
            return null;
        }

        int width = BinaryPrimitives.ReadUInt16LittleEndian(bytes[ScreenDescriptor..]);
        int height = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(ScreenDescriptor + 2)..]);
        var at = AfterScreen(bytes);
        var frames = 0;
        var interlaced = false;
        var largest = 0L;
        while (NextFrame(bytes, ref at))
        {
            frames++;
            interlaced |= (bytes[at + 9] & 0x40) != 0;
            largest = Math.Max(largest, (long)Number(bytes[(at + 5)..]) * Number(bytes[(at + 7)..]));

            // As in browsers, the first frame may reach over the canvas and enlarges it; what reaches over it later is cut off.
            if (frames == 1)
            {
                width = Math.Max(width, Number(bytes[(at + 1)..]) + Number(bytes[(at + 5)..]));
                height = Math.Max(height, Number(bytes[(at + 3)..]) + Number(bytes[(at + 7)..]));
            }

            at = AfterFrame(bytes, at);
        }

        return frames == 0 ? null : new ImageHeader(ImageFormat.Gif, width, height, frames, interlaced) { NanosecondsPerPixel = 10, LargestFrame = largest };
    }

    /// <summary>Where the tables of colours are, that of the file and those of the frames.</summary>
    public static List<Range> ColourTables(ReadOnlySpan<byte> bytes)
    {
        var at = AfterScreen(bytes);
        List<Range> tables = [FirstBlock..at];
        while (NextFrame(bytes, ref at))
        {
            var start = at + DescriptorBytes;
            tables.Add(start..Math.Min(bytes.Length, start + TableBytes(bytes[at + 9])));
            at = AfterFrame(bytes, at);
        }

        return tables;
    }

    public static int AfterScreen(ReadOnlySpan<byte> bytes) => Math.Min(bytes.Length, FirstBlock + TableBytes(bytes[10]));

    private static bool NextFrame(ReadOnlySpan<byte> bytes, ref int at)
    {
        while (at < bytes.Length && bytes[at] == Extension)
        {
            at = AfterSubBlocks(bytes, at + 2);
        }

        return at + DescriptorBytes <= bytes.Length && bytes[at] == Descriptor;
    }

    private static int AfterFrame(ReadOnlySpan<byte> bytes, int at) =>
        AfterSubBlocks(bytes, at + DescriptorBytes + 1 + TableBytes(bytes[at + 9]));

    public static int TableBytes(byte flags) => (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);

    private static int Number(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    public static int AfterSubBlocks(ReadOnlySpan<byte> bytes, int at)
    {
        while (at < bytes.Length && bytes[at] != 0)
        {
            at += 1 + bytes[at];
        }

        return at + 1;
    }
}
