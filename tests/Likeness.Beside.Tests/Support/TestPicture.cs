using System.Buffers.Binary;
using System.IO.Compression;

namespace Likeness.Beside.Tests.Support;

/// <summary>Small pictures: each number another one, and each compression other bytes of the same one.</summary>
internal static class TestPicture
{
    public static byte[] Png(int number, CompressionLevel compression = CompressionLevel.Optimal)
    {
        const int Edge = 64;
        using var pixels = new MemoryStream();
        using (var zlib = new ZLibStream(pixels, compression, leaveOpen: true))
        {
            var random = new Random(number);
            var blocks = Enumerable.Range(0, 64).Select(_ => (byte)random.Next(256)).ToArray();
            for (var y = 0; y < Edge; y++)
            {
                zlib.WriteByte(0);
                for (var x = 0; x < Edge; x++)
                {
                    zlib.WriteByte(blocks[(y / 8 * 8) + (x / 8)]);
                }
            }
        }

        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, Edge);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), Edge);
        header[8] = 8;
        return [0x89, .. "PNG\r\n\u001a\n"u8, .. Chunk("IHDR"u8, header), .. Chunk("IDAT"u8, pixels.ToArray()), .. Chunk("IEND"u8, [])];
    }

    private static byte[] Chunk(ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        var chunk = new byte[12 + content.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        type.CopyTo(chunk.AsSpan(4));
        content.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + content.Length), Checksum(chunk.AsSpan(4, 4 + content.Length)));
        return chunk;
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var sum = uint.MaxValue;
        foreach (var one in bytes)
        {
            sum ^= one;
            for (var bit = 0; bit < 8; bit++)
            {
                sum = (sum & 1) == 0 ? sum >> 1 : (sum >> 1) ^ 0xEDB88320;
            }
        }

        return ~sum;
    }
}
