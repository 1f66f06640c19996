using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Likeness.Cli.Tests;

/// <summary>Small PNG files made here.</summary>
internal static class TestPicture
{
    /// <summary>A colour gradient.</summary>
    public static byte[] Png(int width = 96, int height = 64)
    {
        var rows = new byte[height * ((width * 3) + 1)];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var at = (y * ((width * 3) + 1)) + 1 + (x * 3);
                (rows[at], rows[at + 1], rows[at + 2]) = ((byte)(x * 2), (byte)(y * 2), 128);
            }
        }

        return Png(width, height, colour: 2, rows);
    }

    /// <summary>A square with a pattern of its own for every number, the same in every size.</summary>
    public static byte[] Waves(int edge, int number) =>
        Grey(edge, (x, y) => 128 + (60 * Math.Sin(number * ((3 * x) + (y * y))) * Math.Cos(((number * 5) + 1) * x * y)) + (60 * Math.Sin(((7 * number) + 2) * (y - (x * x)))));

    /// <summary>A square of one grey.</summary>
    public static byte[] Plain(int edge) => Grey(edge, (_, _) => 90);

    /// <param name="rows">Rows with their filter byte, not packed yet.</param>
    public static byte[] Png(int width, int height, byte colour, byte[] rows)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, colour);
        using var packed = new MemoryStream();
        using (var packer = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            packer.Write(rows);
        }

        return [0x89, .. "PNG\r\n"u8, 0x1A, 0x0A, .. Chunk("IHDR", header), .. Chunk("IDAT", packed.ToArray()), .. Chunk("IEND", [])];
    }

    private static byte[] Grey(int edge, Func<double, double, double> shade)
    {
        var rows = new byte[edge * (edge + 1)];
        for (var at = 0; at < edge * edge; at++)
        {
            rows[(at / edge * (edge + 1)) + 1 + (at % edge)] = (byte)shade((double)(at % edge) / edge, (double)(at / edge) / edge);
        }

        return Png(edge, edge, colour: 0, rows);
    }

    private static byte[] Chunk(string kind, byte[] data)
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(kind), .. data];
        var chunk = new byte[body.Length + 8];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        body.CopyTo(chunk, 4);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(chunk.Length - 4), Crc(body));
        return chunk;
    }

    private static uint Crc(byte[] data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 1 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
            }
        }

        return ~crc;
    }
}
