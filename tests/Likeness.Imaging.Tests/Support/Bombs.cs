using System.Buffers.Binary;

namespace Likeness.Imaging.Tests.Support;

/// <summary>A few bytes that claim to be a huge picture.</summary>
internal static class Bombs
{
    public static byte[] Of(ImageFormat format, int width, int height) => format switch
    {
        ImageFormat.Jpeg => Jpeg(width, height),
        ImageFormat.Png => Png(width, height, interlaced: false),
        ImageFormat.WebP => WebP(width, height),
        ImageFormat.Avif => Avif(width, height),
        _ => Gif(width, height),
    };

    public static byte[] Png(int width, int height, bool interlaced)
    {
        var png = Segments.WithSize(TestPictures.Png(8, 8, interlaced), width, height);
        return png;
    }

    /// <summary>A JPEG's frame header changed to another size.</summary>
    public static byte[] Jpeg(int width, int height)
    {
        var jpeg = TestPictures.Jpeg(16, 16);
        var frame = jpeg.AsSpan().IndexOf([(byte)0xFF, (byte)0xC0]);
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(frame + 5), (ushort)height);
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(frame + 7), (ushort)width);
        return jpeg;
    }

    private static byte[] WebP(int width, int height) =>
    [
        .. "RIFF"u8, 30, 0, 0, 0, .. "WEBPVP8X"u8, 10, 0, 0, 0, 0, 0, 0, 0,
        (byte)(width - 1), (byte)((width - 1) >> 8), (byte)((width - 1) >> 16),
        (byte)(height - 1), (byte)((height - 1) >> 8), (byte)((height - 1) >> 16),
    ];

    private static byte[] Avif(int width, int height)
    {
        var avif = TestPictures.Avif(16, 16);
        var size = avif.AsSpan(avif.AsSpan().IndexOf("ispe"u8) + 8);
        BinaryPrimitives.WriteInt32BigEndian(size, width);
        BinaryPrimitives.WriteInt32BigEndian(size[4..], height);
        return avif;
    }

    private static byte[] Gif(int width, int height)
    {
        var gif = TestPictures.Gif(8, 8);
        BinaryPrimitives.WriteUInt16LittleEndian(gif.AsSpan(6), (ushort)width);
        BinaryPrimitives.WriteUInt16LittleEndian(gif.AsSpan(8), (ushort)height);
        return gif;
    }
}
