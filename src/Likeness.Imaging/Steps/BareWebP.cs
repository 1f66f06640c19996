using System.Buffers.Binary;

namespace Likeness.Imaging.Steps;

/// <summary>libvips 8.14 writes an EXIF chunk into every WebP, asked to strip or not: this takes out every chunk that is not pixels (RFC 9649 §2.7).</summary>
internal static class BareWebP
{
    private const int FileHeader = 12;
    private const int ChunkHeader = 8;
    private const byte Animated = 0x02;
    private const byte Alpha = 0x10;

    public static byte[] Of(byte[] file)
    {
        var bare = new byte[file.Length];
        file.AsSpan(0, FileHeader).CopyTo(bare);
        var end = FileHeader;
        for (var at = FileHeader; at + ChunkHeader <= file.Length;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at + 4));
            var whole = Math.Min(ChunkHeader + length + (length & 1), file.Length - at);
            var chunk = file.AsSpan(at, whole);
            at += whole;
            if (IsNeeded(chunk))
            {
                chunk.CopyTo(bare.AsSpan(end));
                end += whole;
            }
        }

        BinaryPrimitives.WriteInt32LittleEndian(bare.AsSpan(4), end - ChunkHeader);
        return bare[..end];
    }

    private static bool IsNeeded(Span<byte> chunk)
    {
        if (!chunk.StartsWith("VP8X"u8))
        {
            return !chunk.StartsWith("EXIF"u8) && !chunk.StartsWith("XMP "u8) && !chunk.StartsWith("ICCP"u8);
        }

        // A still, opaque picture needs no extended header.
        chunk[ChunkHeader] &= Animated | Alpha;
        return chunk[ChunkHeader] != 0;
    }
}
