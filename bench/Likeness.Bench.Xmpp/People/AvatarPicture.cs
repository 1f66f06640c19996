using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Likeness.Bench.Xmpp.People;

/// <summary>A real PNG of noise, about 8 KB at 52 × 52; each serial number gives another picture and so another SHA-1.</summary>
sealed class AvatarPicture
{
    static readonly byte[] signature = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];
    static readonly uint[] crcTable = [.. Enumerable.Range(0, 256).Select(CrcOf)];

    readonly byte[] png;
    readonly int noteAt;

    public AvatarPicture(int side)
    {
        Side = side;
        var stream = new MemoryStream();
        stream.Write(signature);
        Chunk(stream, "IHDR", Header(side));
        noteAt = (int)stream.Length;
        Chunk(stream, "tEXt", Note(0));
        Chunk(stream, "IDAT", Pixels(side));
        Chunk(stream, "IEND", []);
        png = stream.ToArray();
    }

    public int Side { get; }

    public int Length => png.Length;

    /// <summary>The picture with this serial number: its bytes in Base64 and its id, SHA-1 in hex.</summary>
    public (string Base64, string Id) Print(int serial)
    {
        var copy = (byte[])png.Clone();
        var stream = new MemoryStream(copy) { Position = noteAt };
        Chunk(stream, "tEXt", Note(serial));
        return (Convert.ToBase64String(copy), Convert.ToHexStringLower(SHA1.HashData(copy)));
    }

    static byte[] Note(int serial) => Encoding.Latin1.GetBytes($"Comment\0{serial:D10}");

    static byte[] Header(int side)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, side);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), side);
        (header[8], header[9]) = (8, 2);
        return header;
    }

    static byte[] Pixels(int side)
    {
        var rows = new byte[side * (1 + side * 3)];
        // The same noise in every run, so that every server sees the same bytes.
        new Random(20).NextBytes(rows);
        for (var row = 0; row < side; row++)
            rows[row * (1 + side * 3)] = 0;
        var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            zlib.Write(rows);
        return packed.ToArray();
    }

    static void Chunk(Stream stream, string type, byte[] data)
    {
        var chunk = new byte[data.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        Encoding.ASCII.GetBytes(type, chunk.AsSpan(4));
        data.CopyTo(chunk, 8);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(data.Length + 8), Crc(chunk.AsSpan(4, data.Length + 4)));
        stream.Write(chunk);
    }

    static uint Crc(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
            crc = crcTable[(byte)(crc ^ value)] ^ (crc >> 8);
        return ~crc;
    }

    static uint CrcOf(int index)
    {
        var crc = (uint)index;
        for (var bit = 0; bit < 8; bit++)
            crc = (crc & 1) == 1 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
        return crc;
    }
}
