using System.Buffers.Binary;
using System.IO.Compression;

namespace Likeness.Imaging.Tests.Hostile.Corpus;

/// <summary>Numbers and runs of bytes that files are put together from.</summary>
internal static class Bytes
{
    private const int BlockOfZeros = 1024 * 1024;

    private static readonly byte[] PackedBlock = PackBlock();

    public static byte[] Big16(int number) => [(byte)(number >> 8), (byte)number];

    public static byte[] Big32(uint number) => [.. Big16((int)(number >> 16)), .. Big16((int)number)];

    public static byte[] Little16(int number) => [(byte)number, (byte)(number >> 8)];

    public static byte[] Little24(int number) => [.. Little16(number), (byte)(number >> 16)];

    public static byte[] Little32(uint number) => [.. Little16((int)number), .. Little16((int)(number >> 16))];

    public static byte[] Repeat(byte[] part, int times)
    {
        var all = new byte[part.Length * times];
        for (var i = 0; i < times; i++)
        {
            part.CopyTo(all, i * part.Length);
        }

        return all;
    }

    public static byte[] Noise(int length, int seed)
    {
        var noise = new byte[length];
        new Random(seed).NextBytes(noise);
        return noise;
    }

    /// <summary>A zlib stream (RFC 1950) of so many mebibytes of zeros: a thousandth of that as a file, made in no time.</summary>
    public static byte[] PackedZeros(int mebibytes)
    {
        var zeros = (long)mebibytes * BlockOfZeros;
        var adler = (uint)((zeros % 65521) << 16) | 1;
        return [0x78, 0x9C, .. Repeat(PackedBlock, mebibytes), 0x03, 0x00, .. Big32(adler)];
    }

    public static byte[] Packed(ReadOnlySpan<byte> content, CompressionLevel level = CompressionLevel.Fastest)
    {
        using var packed = new MemoryStream();
        using (var packer = new ZLibStream(packed, level, leaveOpen: true))
        {
            packer.Write(content);
        }

        return packed.ToArray();
    }

    public static byte[] With(this byte[] bytes, int at, params ReadOnlySpan<byte> change)
    {
        var changed = (byte[])bytes.Clone();
        change.CopyTo(changed.AsSpan(at));
        return changed;
    }

    public static byte[] With32(this byte[] bytes, int at, uint number)
    {
        var changed = (byte[])bytes.Clone();
        BinaryPrimitives.WriteUInt32LittleEndian(changed.AsSpan(at), number);
        return changed;
    }

    public static byte[] Inserted(this byte[] bytes, int at, params ReadOnlySpan<byte> more) => [.. bytes.AsSpan(0, at), .. more, .. bytes.AsSpan(at)];

    // Flushed without an end, so that blocks can stand behind each other (RFC 1951 §3.2).
    private static byte[] PackBlock()
    {
        using var packed = new MemoryStream();
        using var packer = new DeflateStream(packed, CompressionLevel.SmallestSize, leaveOpen: true);
        packer.Write(new byte[BlockOfZeros]);
        packer.Flush();
        return packed.ToArray();
    }
}
