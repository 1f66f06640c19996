using System.Text;
using Likeness.Imaging.Tests.Hostile.Corpus;
using Likeness.Imaging.Tests.Support;

namespace Likeness.Imaging.Tests.Hostile;

/// <summary>Small good pictures of every kind a decoder has code for; what is done to them is what hurts.</summary>
internal static class GoodFiles
{
    public static IReadOnlyList<(string Name, byte[] Content)> All { get; } =
    [
        ("jpeg", TestPictures.Jpeg(72, 48)),
        ("jpeg, progressive", TestPictures.Jpeg(48, 72, progressive: true)),
        ("jpeg with exif", Segments.WithExif(TestPictures.Jpeg(40, 40), 6, "somewhere")),
        ("jpeg with a profile", JpegFiles.WithSegments(0xE2, [.. "ICC_PROFILE\0"u8, 1, 1, .. ProfileFiles.EndlessCurves], 1)),
        ("jpeg in inks", JpegFiles.Inks()),
        ("png", TestPictures.Png(48, 32)),
        ("png, interlaced", TestPictures.Png(33, 47, interlaced: true)),
        ("png with text", Segments.WithText(TestPictures.Translucent(40, 30, [9, 99, 199], 77), "Comment", "text")),
        ("png of sixteen bits", PngFiles.File(PngFiles.Header(24, 24, 16, 6, 0), PngFiles.Chunk("IDAT", Bytes.Packed(Rows(24, 8))))),
        ("png with a palette", PngFiles.File(PngFiles.Header(32, 32, 4, 3, 0), PngFiles.Chunk("PLTE", Encoding.ASCII.GetBytes(Polyglots.Payload)), PngFiles.Chunk("tRNS", [9, 99]), PngFiles.Chunk("IDAT", Bytes.Packed(Rows(32, 0.5))))),
        ("gif", TestPictures.Gif(48, 40)),
        ("gif, animated", TestPictures.Animation(ImageFormat.Gif, 24, 24, 4)),
        ("gif, interlaced", GifFiles.File(40, 40, GifFiles.Frame(0, 0, 40, 40, GifFiles.Zeros(1600), 0x40))),
        ("webp", TestPictures.WebP(48, 40)),
        ("webp, lossless", LargePictures.LosslessWebP(40, 24)),
        ("webp, animated", TestPictures.Animation(ImageFormat.WebP, 24, 24, 4)),
    ];

    private static byte[] Rows(int edge, double bytesOfPixel) =>
        [.. Enumerable.Range(0, edge).SelectMany(y => (byte[])[(byte)(y % 5), .. Bytes.Noise((int)(edge * bytesOfPixel), y)])];
}
