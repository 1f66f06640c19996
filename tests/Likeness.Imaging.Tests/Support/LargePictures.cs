using NetVips;

namespace Likeness.Imaging.Tests.Support;

/// <summary>Pictures that are large for a decoder and small as a file.</summary>
internal static class LargePictures
{
    public static byte[] ProgressiveJpeg(int width, int height) => Save(width, height, 3, image => image.JpegsaveBuffer(q: 95, interlace: true));

    public static byte[] InterlacedPng(int width, int height) => Save(width, height, 4, image => image.PngsaveBuffer(compression: 1, interlace: true));

    public static byte[] LosslessWebP(int width, int height) => Save(width, height, 4, image => image.WebpsaveBuffer(lossless: true, effort: 0));

    public static byte[] PlainGif(int width, int height) => Save(width, height, 3, image => image.GifsaveBuffer(effort: 1));

    public static byte[] Avif(int width, int height) => Save(width, height, 3, image => image.HeifsaveBuffer(compression: Enums.ForeignHeifCompression.Av1, effort: 0));

    private static byte[] Save(int width, int height, int bands, Func<Image, byte[]> save)
    {
        using var image = TestPictures.Plain(width, height, [.. Enumerable.Repeat(120.0, bands)]);
        return save(image);
    }
}
