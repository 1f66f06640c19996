using System.Buffers.Binary;
using System.Text;

namespace Likeness.Imaging.Tests.Support;

/// <summary>Metadata put into encoded pictures byte by byte.</summary>
internal static class Segments
{
    /// <summary>An EXIF block with an orientation, a description and a GPS position.</summary>
    public static byte[] WithExif(byte[] jpeg, int orientation, string description = "")
    {
        var text = Encoding.ASCII.GetBytes(description + "\0\0\0\0");
        using var tiff = new MemoryStream();
        tiff.Write("Exif\0\0II*\0"u8);
        Int(8);
        Short(3);
        Entry(0x010E, 2, text.Length, 8 + 2 + (3 * 12) + 4);
        Entry(0x0112, 3, 1, orientation);
        Entry(0x8825, 4, 1, 8 + 2 + (3 * 12) + 4 + text.Length);
        Int(0);
        tiff.Write(text);
        Short(1);
        Entry(0x0001, 2, 2, 'N');
        Int(0);
        return WithSegment(jpeg, 0xE1, tiff.ToArray());

        void Entry(int tag, int type, int count, int value)
        {
            Short(tag);
            Short(type);
            Int(count);
            Int(value);
        }

        void Short(int value) => tiff.Write(BitConverter.GetBytes((ushort)value));
        void Int(int value) => tiff.Write(BitConverter.GetBytes(value));
    }

    public static byte[] WithSegment(byte[] jpeg, byte marker, byte[] content)
    {
        var length = content.Length + 2;
        return [0xFF, 0xD8, 0xFF, marker, (byte)(length >> 8), (byte)length, .. content, .. jpeg[2..]];
    }

    /// <summary>A tEXt chunk right behind the header chunk.</summary>
    public static byte[] WithText(byte[] png, string keyword, string text)
    {
        byte[] body = [.. "tEXt"u8, .. Encoding.Latin1.GetBytes($"{keyword}\0{text}")];
        var chunk = new byte[body.Length + 8];
        BinaryPrimitives.WriteInt32BigEndian(chunk, body.Length - 4);
        body.CopyTo(chunk, 4);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(body.Length + 4), Crc(body));
        const int behindHeader = 33;
        return [.. png[..behindHeader], .. chunk, .. png[behindHeader..]];
    }

    /// <summary>Writes another size into a PNG's header, checksum included.</summary>
    public static byte[] WithSize(byte[] png, int width, int height)
    {
        var lying = (byte[])png.Clone();
        BinaryPrimitives.WriteInt32BigEndian(lying.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(lying.AsSpan(20), height);
        BinaryPrimitives.WriteUInt32BigEndian(lying.AsSpan(29), Crc(lying.AsSpan(12, 17)));
        return lying;
    }

    public static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var octet in bytes)
        {
            crc ^= octet;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
            }
        }

        return ~crc;
    }
}
