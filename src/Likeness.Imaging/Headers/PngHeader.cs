using System.Buffers.Binary;

namespace Likeness.Imaging.Headers;

/// <summary>Reads the IHDR chunk, which comes first (PNG §11.2.1). An animated PNG counts as one frame: only its default picture is ever decoded.</summary>
internal static class PngHeader
{
    public static ImageHeader? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 33 || BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]) != 13 || !bytes[12..16].SequenceEqual("IHDR"u8))
        {
            return null;
        }

        return new ImageHeader(
            ImageFormat.Png,
            BinaryPrimitives.ReadInt32BigEndian(bytes[16..]),
            BinaryPrimitives.ReadInt32BigEndian(bytes[20..]),
            Frames: 1,
            Interlaced: bytes[28] != 0);
    }
}
