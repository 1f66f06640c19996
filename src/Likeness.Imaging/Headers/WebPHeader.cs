using System.Buffers.Binary;

namespace Likeness.Imaging.Headers;

/// <summary>Reads a WebP file's chunks: lossy, lossless and extended, the last with its animation frames (RFC 9649).</summary>
internal static class WebPHeader
{
    private const int FirstChunk = 12;
    private const int ChunkHeader = 8;

    public static ImageHeader? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < FirstChunk + ChunkHeader)
        {
            return null;
        }

        var kind = bytes.Slice(FirstChunk, 4);
        var data = bytes[(FirstChunk + ChunkHeader)..];
        return kind switch
        {
            _ when kind.SequenceEqual("VP8 "u8) && data.Length >= 10 => Lossy(data),
            _ when kind.SequenceEqual("VP8L"u8) && data.Length >= 5 => Lossless(data),
            _ when kind.SequenceEqual("VP8X"u8) && data.Length >= 10 => Extended(data, bytes),
            _ => null,
        };
    }

    private static ImageHeader? Lossy(ReadOnlySpan<byte> data) =>
        data[3..6] is [0x9D, 0x01, 0x2A]
            ? Still(BinaryPrimitives.ReadUInt16LittleEndian(data[6..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(data[8..]) & 0x3FFF)
            : null;

    private static ImageHeader? Lossless(ReadOnlySpan<byte> data)
    {
        if (data[0] != 0x2F)
        {
            return null;
        }

        var bits = BinaryPrimitives.ReadUInt32LittleEndian(data[1..]);
        return Still((int)(bits & 0x3FFF) + 1, (int)((bits >> 14) & 0x3FFF) + 1);
    }

    private static ImageHeader Extended(ReadOnlySpan<byte> data, ReadOnlySpan<byte> bytes)
    {
        var canvas = Still(UInt24(data[4..]) + 1, UInt24(data[7..]) + 1);
        var animated = (data[0] & 0x02) != 0;
        return animated ? canvas with { Frames = Math.Max(1, CountFrames(bytes)) } : canvas;
    }

    private static int CountFrames(ReadOnlySpan<byte> bytes)
    {
        var frames = 0;
        long at = FirstChunk;
        while (at + ChunkHeader <= bytes.Length)
        {
            var chunk = bytes[(int)at..];
            frames += chunk[..4].SequenceEqual("ANMF"u8) ? 1 : 0;
            long length = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            at += ChunkHeader + length + (length & 1);
        }

        return frames;
    }

    private static ImageHeader Still(int width, int height) => new(ImageFormat.WebP, width, height, Frames: 1, Interlaced: false) { NanosecondsPerPixel = 18 };

    private static int UInt24(ReadOnlySpan<byte> bytes) => bytes[0] | (bytes[1] << 8) | (bytes[2] << 16);
}
