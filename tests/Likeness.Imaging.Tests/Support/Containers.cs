using System.Buffers.Binary;
using System.Text;

namespace Likeness.Imaging.Tests.Support;

/// <summary>Metadata put into GIF and WebP files byte by byte.</summary>
internal static class Containers
{
    /// <summary>A comment and an application extension with XMP behind the header of a GIF.</summary>
    public static byte[] WithExtensions(byte[] gif, string text)
    {
        var start = 13 + ((gif[10] & 0x80) == 0 ? 0 : 3 << ((gif[10] & 7) + 1));
        var content = Encoding.ASCII.GetBytes(text);
        return
        [
            .. gif[..start],
            0x21, 0xFE, (byte)content.Length, .. content, 0,
            0x21, 0xFF, 11, .. "XMP DataXMP"u8, (byte)content.Length, .. content, 0,
            .. gif[start..],
        ];
    }

    /// <summary>EXIF and XMP chunks in a WebP that has none, in the extended form they need.</summary>
    public static byte[] WithChunks(byte[] webp, int width, int height, string text)
    {
        var content = Encoding.ASCII.GetBytes(text);
        var extended = new byte[10];
        extended[0] = 0x08 | 0x04;
        WriteThree(extended.AsSpan(4), width - 1);
        WriteThree(extended.AsSpan(7), height - 1);
        byte[] body =
        [
            .. "WEBP"u8, .. Chunk("VP8X"u8, extended), .. PixelsOf(webp),
            .. Chunk("EXIF"u8, [.. "Exif\0\0II*\0"u8, 8, 0, 0, 0, 0, 0, .. content]), .. Chunk("XMP "u8, [.. "<x:xmpmeta>"u8, .. content]),
        ];
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, body.Length);
        return [.. "RIFF"u8, .. length, .. body];
    }

    /// <summary>The chunk with the pixels of a still WebP, simple or extended.</summary>
    private static byte[] PixelsOf(ReadOnlySpan<byte> webp)
    {
        var rest = webp[12..];
        while (!rest.StartsWith("VP8 "u8) && !rest.StartsWith("VP8L"u8))
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(rest[4..]);
            rest = rest[(8 + length + (length & 1))..];
        }

        var pixels = BinaryPrimitives.ReadInt32LittleEndian(rest[4..]);
        return rest[..(8 + pixels + (pixels & 1))].ToArray();
    }

    /// <summary>What a picture file consists of: the names of its segments, chunks or blocks.</summary>
    public static IReadOnlyList<string> PartsOf(ReadOnlySpan<byte> bytes, ImageFormat format) => format switch
    {
        ImageFormat.Jpeg => Markers(bytes),
        ImageFormat.Png => Chunks(bytes[8..], isBigEndian: true),
        ImageFormat.WebP => Chunks(bytes[12..], isBigEndian: false),
        ImageFormat.Avif => Boxes(bytes),
        _ => Blocks(bytes),
    };

    private static List<string> Markers(ReadOnlySpan<byte> bytes)
    {
        var parts = new List<string>();
        for (var at = 2; bytes[at + 1] != 0xDA; at += 2 + BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]))
        {
            parts.Add($"{bytes[at + 1]:X2}");
        }

        return parts;
    }

    private static List<string> Chunks(ReadOnlySpan<byte> bytes, bool isBigEndian)
    {
        var parts = new List<string>();
        while (bytes.Length >= 8)
        {
            var length = isBigEndian ? BinaryPrimitives.ReadInt32BigEndian(bytes) : BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]);
            parts.Add(Encoding.ASCII.GetString(isBigEndian ? bytes[4..8] : bytes[..4]));
            bytes = bytes[(isBigEndian ? 12 + length : 8 + length + (length & 1))..];
        }

        return parts;
    }

    private static List<string> Boxes(ReadOnlySpan<byte> bytes)
    {
        var parts = new List<string>();
        while (bytes.Length >= 8)
        {
            var (length, name) = (BinaryPrimitives.ReadInt32BigEndian(bytes), Encoding.ASCII.GetString(bytes[4..8]));
            parts.Add(name);
            parts.AddRange(name is "meta" ? Boxes(bytes[12..length]) : name is "iprp" or "ipco" ? Boxes(bytes[8..length]) : []);
            bytes = bytes[length..];
        }

        return parts;
    }

    private static List<string> Blocks(ReadOnlySpan<byte> bytes)
    {
        var parts = new List<string>();
        var at = 13 + TableLength(bytes[10]);
        while (bytes[at] != 0x3B)
        {
            if (bytes[at] == 0x21)
            {
                parts.Add(bytes[at + 1] == 0xFF ? Encoding.ASCII.GetString(bytes.Slice(at + 3, 11)) : $"{bytes[at + 1]:X2}");
                at += 2;
            }
            else
            {
                parts.Add("image");
                at += 11 + TableLength(bytes[at + 9]);
            }

            for (; bytes[at] != 0; at += bytes[at] + 1)
            {
                // Sub-blocks.
            }

            at++;
        }

        return parts;

        static int TableLength(byte flags) => (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
    }

    private static byte[] Chunk(ReadOnlySpan<byte> name, byte[] content)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, content.Length);
        return [.. name, .. length, .. content, .. new byte[content.Length & 1]];
    }

    private static void WriteThree(Span<byte> target, int value) =>
        (target[0], target[1], target[2]) = ((byte)value, (byte)(value >> 8), (byte)(value >> 16));
}
