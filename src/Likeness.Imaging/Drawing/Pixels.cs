using System.Buffers.Binary;
using System.IO.Compression;

namespace Likeness.Imaging.Drawing;

/// <summary>A decoded picture: red, green, blue and alpha of every pixel, row by row.</summary>
public sealed record Pixels(int Width, int Height, byte[] Rgba)
{
    private const int Signature = 8;
    private const int ChunkOverhead = 12;

    /// <summary>Reads the PNG our own renderer writes: 8 bits a channel, grey or colour, with or without alpha, not interlaced.</summary>
    public static Pixels Decode(ReadOnlySpan<byte> png)
    {
        var header = png[(Signature + 8)..];
        var width = BinaryPrimitives.ReadInt32BigEndian(header);
        var height = BinaryPrimitives.ReadInt32BigEndian(header[4..]);
        var channels = (Depth: header[8], Colour: header[9], Interlaced: header[12]) switch
        {
            (8, 0, 0) => 1,
            (8, 2, 0) => 3,
            (8, 4, 0) => 2,
            (8, 6, 0) => 4,
            _ => throw new InvalidDataException("This kind of PNG cannot be drawn."),
        };
        var rows = Inflate(png, height * ((width * channels) + 1));
        PngFilter.Undo(rows, width * channels, channels);
        return new Pixels(width, height, Expand(rows, width, height, channels));
    }

    public (byte Red, byte Green, byte Blue, byte Alpha) At(int x, int y)
    {
        var pixel = Rgba.AsSpan(((y * Width) + x) * 4, 4);
        return (pixel[0], pixel[1], pixel[2], pixel[3]);
    }

    private static byte[] Inflate(ReadOnlySpan<byte> png, int length)
    {
        using var packed = new MemoryStream();
        for (var at = Signature; at + ChunkOverhead <= png.Length;)
        {
            var size = BinaryPrimitives.ReadInt32BigEndian(png[at..]);
            if (png.Slice(at + 4, 4).SequenceEqual("IDAT"u8))
            {
                packed.Write(png.Slice(at + 8, size));
            }

            at += ChunkOverhead + size;
        }

        packed.Position = 0;
        var rows = new byte[length];
        using var unpacked = new ZLibStream(packed, CompressionMode.Decompress);
        unpacked.ReadExactly(rows);
        return rows;
    }

    private static byte[] Expand(byte[] rows, int width, int height, int channels)
    {
        var rgba = new byte[width * height * 4];
        for (var pixel = 0; pixel < width * height; pixel++)
        {
            var (y, x) = Math.DivRem(pixel, width);
            var from = rows.AsSpan((y * ((width * channels) + 1)) + 1 + (x * channels), channels);
            var to = rgba.AsSpan(pixel * 4, 4);
            (to[0], to[1], to[2], to[3]) = channels switch
            {
                1 => (from[0], from[0], from[0], (byte)255),
                2 => (from[0], from[0], from[0], from[1]),
                3 => (from[0], from[1], from[2], (byte)255),
                _ => (from[0], from[1], from[2], from[3]),
            };
        }

        return rgba;
    }
}
