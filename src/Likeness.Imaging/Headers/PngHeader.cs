using System.Buffers.Binary;

namespace Likeness.Imaging.Headers;

/// <summary>Reads the IHDR chunk, which comes first (PNG §11.2.1). An animated PNG counts as one frame: only its default picture is ever decoded.</summary>
internal static class PngHeader
{
    private const int FirstChunk = 8;
    private const int ChunkOverhead = 12;

    /// <summary>What nearly every picture has, and sRGB nearly is.</summary>
    private const double ScreenGamma = 2.2;

    private const double MaxGamma = 10;

    public static ImageHeader? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 33 || BinaryPrimitives.ReadUInt32BigEndian(bytes[FirstChunk..]) != 13 || !bytes[12..16].SequenceEqual("IHDR"u8))
        {
            return null;
        }

        var (deep, interlaced) = (bytes[24] > 8, bytes[28] != 0);
        var (packedText, gamma) = ReadChunks(bytes);
        return new ImageHeader(
            ImageFormat.Png,
            BinaryPrimitives.ReadInt32BigEndian(bytes[16..]),
            BinaryPrimitives.ReadInt32BigEndian(bytes[20..]),
            Frames: 1,
            Interlaced: interlaced)
        {
            NanosecondsPerPixel = (deep ? 24 : 16) + (interlaced ? 8 : 0),
            PackedText = packedText,
            Gamma = gamma,
        };
    }

    /// <summary>True when the file ends behind a whole chunk with pixels: only the chunk that says "the end" is missing.</summary>
    public static bool LacksOnlyItsEnd(ReadOnlySpan<byte> bytes)
    {
        var pixels = false;
        var at = FirstChunk;
        while (Next(bytes, ref at, out var kind, out _))
        {
            pixels |= kind.SequenceEqual("IDAT"u8);
            if (kind.SequenceEqual("IEND"u8))
            {
                return false;
            }
        }

        return pixels && at == bytes.Length;
    }

    private static (int PackedText, double Gamma) ReadChunks(ReadOnlySpan<byte> bytes)
    {
        var (packed, gamma, known) = (0, 0.0, false);
        var at = FirstChunk;
        while (Next(bytes, ref at, out var kind, out var content))
        {
            packed += kind.SequenceEqual("zTXt"u8) || (kind.SequenceEqual("iTXt"u8) && IsPacked(content)) ? content.Length : 0;

            // PNG §13.14: a profile or the word "sRGB" says more than a number.
            known |= kind.SequenceEqual("iCCP"u8) || kind.SequenceEqual("sRGB"u8) || kind.SequenceEqual("cICP"u8);
            if (kind.SequenceEqual("gAMA"u8) && content.Length == 4)
            {
                gamma = 100_000.0 / Math.Max(1, BinaryPrimitives.ReadUInt32BigEndian(content));
            }
        }

        return (packed, known || Math.Abs(gamma - ScreenGamma) < ScreenGamma / 50 || gamma > MaxGamma ? 0 : gamma);
    }

    private static bool Next(ReadOnlySpan<byte> bytes, ref int at, out ReadOnlySpan<byte> kind, out ReadOnlySpan<byte> content)
    {
        kind = content = [];
        if (at + ChunkOverhead > bytes.Length || BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]) is var length && length > bytes.Length - at - ChunkOverhead)
        {
            return false;
        }

        kind = bytes.Slice(at + 4, 4);
        content = bytes.Slice(at + 8, (int)length);
        at += ChunkOverhead + (int)length;
        return true;
    }

    /// <summary>Behind its keyword and a zero, an iTXt chunk says whether its text is packed (PNG §11.3.3.4).</summary>
    private static bool IsPacked(ReadOnlySpan<byte> text) =>
        text.IndexOf((byte)0) is >= 0 and var end && end + 1 < text.Length && text[end + 1] != 0;
}
