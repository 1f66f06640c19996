using System.Buffers.Binary;

namespace Likeness.Imaging;

/// <summary>Whether a file is already what <see cref="RenderJob.Master"/> makes: square, not too large, and nothing in it but the picture.</summary>
public static class NormalFile
{
    private const int LargestEdge = 1024;
    private const int PngSignature = 8;
    private const int ChunkOverhead = 12;

    /// <param name="header">What the gate found in these bytes.</param>
    public static bool Is(ReadOnlySpan<byte> bytes, ImageHeader header) =>
        header.Width == header.Height && header.Width <= LargestEdge && header.Frames == 1 && header.Format switch
        {
            ImageFormat.Jpeg => IsBareJpeg(bytes),
            ImageFormat.Png => IsBarePng(bytes),
            _ => false,
        };

    private static bool IsBarePng(ReadOnlySpan<byte> bytes)
    {
        var at = PngSignature;
        while (at + ChunkOverhead <= bytes.Length)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
            var kind = bytes.Slice(at + 4, 4);
            if (length > bytes.Length - at - ChunkOverhead || !IsPicture(kind))
            {
                return false;
            }

            at += ChunkOverhead + (int)length;
            if (kind.SequenceEqual("IEND"u8))
            {
                return at == bytes.Length;
            }
        }

        return false;
    }

    private static bool IsPicture(ReadOnlySpan<byte> chunk) =>
        chunk.SequenceEqual("IHDR"u8) || chunk.SequenceEqual("PLTE"u8) || chunk.SequenceEqual("tRNS"u8) || chunk.SequenceEqual("pHYs"u8)
        || chunk.SequenceEqual("IDAT"u8) || chunk.SequenceEqual("IEND"u8);

    private static bool IsBareJpeg(ReadOnlySpan<byte> bytes)
    {
        var at = 2;
        while (at + 4 <= bytes.Length && bytes[at] == 0xFF)
        {
            var marker = bytes[at + 1];
            var length = BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]);
            if (!IsPicture(marker, bytes[(at + 4)..], length) || length < 2 || at + 2 + length > bytes.Length)
            {
                return false;
            }

            at += 2 + length;
            if (marker == 0xDA)
            {
                at += EntropyCoded(bytes[at..]);
                if (at + 2 == bytes.Length)
                {
                    return bytes[at] == 0xFF && bytes[at + 1] == 0xD9;
                }
            }
        }

        return false;
    }

    /// <summary>Frame, tables, restart interval and scan; of the application segments only JFIF's without a thumbnail, so no orientation and no profile either.</summary>
    private static bool IsPicture(byte marker, ReadOnlySpan<byte> content, int length) => marker switch
    {
        0xC0 or 0xC1 or 0xC2 or 0xC4 or 0xDA or 0xDB or 0xDD => true,
        0xE0 => length == 16 && content.StartsWith("JFIF\0"u8),
        _ => false,
    };

    private static int EntropyCoded(ReadOnlySpan<byte> scan)
    {
        var at = 0;
        while (at + 1 < scan.Length && !(scan[at] == 0xFF && scan[at + 1] is not (0x00 or 0xFF or (>= 0xD0 and <= 0xD7))))
        {
            at++;
        }

        return at;
    }
}
