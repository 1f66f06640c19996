using System.Buffers.Binary;

namespace Likeness.Imaging.Headers;

/// <summary>Reads the boxes of an AVIF file (ISO/IEC 14496-12, AV1 Image File Format); the same container holds HEIC, which is known and not read.</summary>
internal static class HeifHeader
{
    private const int BoxHeader = 8;
    private const int FullBoxHeader = 4;
    private const int MaxBoxes = 1_000;

    private static ReadOnlySpan<byte> Avif => "avifavis"u8;

    /// <summary>True for files as telephones make them: pictures in a codec that is not free.</summary>
    public static bool IsHeic(ReadOnlySpan<byte> bytes)
    {
        var type = Box(bytes, "ftyp"u8);
        return HasBrand(type, "heicheixhevchevxheimheismif1msf1"u8) && !HasBrand(type, Avif);
    }

    /// <summary>The largest picture there is in it, tiles and thumbnails included: what a decoder may have to hold.</summary>
    public static ImageHeader? Read(ReadOnlySpan<byte> bytes)
    {
        if (!HasBrand(Box(bytes, "ftyp"u8), Avif))
        {
            return null;
        }

        var meta = Box(bytes, "meta"u8);
        var properties = meta.Length > FullBoxHeader ? Box(Box(meta[FullBoxHeader..], "iprp"u8), "ipco"u8) : [];
        var (width, height, boxes) = (0u, 0u, 0);
        while (Next(ref properties, out var kind, out var content) && boxes++ < MaxBoxes)
        {
            if (kind.SequenceEqual("ispe"u8) && content.Length >= FullBoxHeader + 8)
            {
                width = Math.Max(width, BinaryPrimitives.ReadUInt32BigEndian(content[FullBoxHeader..]));
                height = Math.Max(height, BinaryPrimitives.ReadUInt32BigEndian(content[(FullBoxHeader + 4)..]));
            }
        }

        return width is > 0 and <= int.MaxValue && height is > 0 and <= int.MaxValue
            ? new ImageHeader(ImageFormat.Avif, (int)width, (int)height, Frames: 1, Interlaced: false) { NanosecondsPerPixel = 40 }
            : null;
    }

    /// <summary>The major brand, a version, and the compatible ones: four letters each, as are the wanted ones.</summary>
    private static bool HasBrand(ReadOnlySpan<byte> type, ReadOnlySpan<byte> wanted)
    {
        for (var at = 0; at + 4 <= type.Length; at += 4)
        {
            if (wanted.IndexOf(type.Slice(at, 4)) is >= 0 and var found && found % 4 == 0)
            {
                return true;
            }
        }

        return false;
    }

    private static ReadOnlySpan<byte> Box(ReadOnlySpan<byte> boxes, ReadOnlySpan<byte> wanted)
    {
        for (var count = 0; count < MaxBoxes && Next(ref boxes, out var kind, out var content); count++)
        {
            if (kind.SequenceEqual(wanted))
            {
                return content;
            }
        }

        return [];
    }

    private static bool Next(scoped ref ReadOnlySpan<byte> boxes, out ReadOnlySpan<byte> kind, out ReadOnlySpan<byte> content)
    {
        kind = [];
        content = [];
        if (boxes.Length < BoxHeader)
        {
            return false;
        }

        // A length of 0 reaches to the end; one of 1 is written in eight more bytes, for files that are too large here anyway.
        var length = BinaryPrimitives.ReadUInt32BigEndian(boxes) is > 0 and var said ? said : (uint)boxes.Length;
        if (length < BoxHeader || length > boxes.Length)
        {
            return false;
        }

        kind = boxes.Slice(4, 4);
        content = boxes[BoxHeader..(int)length];
        boxes = boxes[(int)length..];
        return true;
    }
}
