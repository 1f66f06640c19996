using Likeness.Imaging.Vips;

namespace Likeness.Imaging.Tests.Support;

/// <summary>Pictures that are large for a decoder and small as a file.</summary>
internal static class LargePictures
{
    public static byte[] ProgressiveJpeg(int width, int height) =>
        Save(width, height, 3, new VipsOperation("jpegsave_buffer"u8).With("interlace"u8, true).With("Q"u8, 95));

    public static byte[] InterlacedPng(int width, int height) =>
        Save(width, height, 4, new VipsOperation("pngsave_buffer"u8).With("interlace"u8, true).With("compression"u8, 1));

    public static byte[] LosslessWebP(int width, int height) =>
        Save(width, height, 4, new VipsOperation("webpsave_buffer"u8).With("lossless"u8, true).With("effort"u8, 0));

    public static byte[] PlainGif(int width, int height) =>
        Save(width, height, 3, new VipsOperation("gifsave_buffer"u8).With("effort"u8, 1));

    private static byte[] Save(int width, int height, int bands, VipsOperation save)
    {
        VipsLibrary.Start();
        using var image = TestPictures.Plain(width, height, [.. Enumerable.Repeat(120.0, bands)]);
        return save.With("in"u8, image).Bytes();
    }
}
