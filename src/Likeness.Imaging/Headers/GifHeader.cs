using System.Buffers.Binary;

namespace Likeness.Imaging.Headers;

/// <summary>Hops over GIF blocks and counts the image descriptors (GIF89a §20).</summary>
internal static class GifHeader
{
    private const byte Extension = 0x21;
    private const byte Descriptor = 0x2C;

    public static ImageHeader? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 13)
        {
            return null;
        }

        int width = BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]);
        int height = BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]);
        var at = 13 + TableBytes(bytes[10]);
        var frames = 0;
        var interlaced = false;
        while (at < bytes.Length)
        {
            if (bytes[at] == Extension)
            {
                at = AfterSubBlocks(bytes, at + 2);
            }
            else if (bytes[at] == Descriptor && at + 10 <= bytes.Length)
            {
                frames++;
                interlaced |= (bytes[at + 9] & 0x40) != 0;

                // A frame may reach over the canvas; decoders then enlarge the canvas to the first frame.
                width = Math.Max(width, Edge(bytes[(at + 1)..], bytes[(at + 5)..]));
                height = Math.Max(height, Edge(bytes[(at + 3)..], bytes[(at + 7)..]));
                at = AfterSubBlocks(bytes, at + 11 + TableBytes(bytes[at + 9]));
            }
            else
            {
                break;
            }
        }

        return frames == 0 ? null : new ImageHeader(ImageFormat.Gif, width, height, frames, interlaced);
    }

    private static int TableBytes(byte flags) => (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);

    private static int Edge(ReadOnlySpan<byte> offset, ReadOnlySpan<byte> length) =>
        BinaryPrimitives.ReadUInt16LittleEndian(offset) + BinaryPrimitives.ReadUInt16LittleEndian(length);

    private static int AfterSubBlocks(ReadOnlySpan<byte> bytes, int at)
    {
        while (at < bytes.Length && bytes[at] != 0)
        {
            at += 1 + bytes[at];
        }

        return at + 1;
    }
}
