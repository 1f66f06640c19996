using NetVips;

namespace Likeness.Imaging.Tests.Support;

/// <summary>Opens an encoded picture with all its frames.</summary>
internal static class Decoded
{
    public static Image Open(ReadOnlyMemory<byte> encoded)
    {
        VipsLibrary.Start();
        if (!ImageGate.TryIdentify(encoded.Span, out var header))
        {
            throw new InvalidDataException("These bytes are no picture.");
        }

        using var source = Source.NewFromMemory(encoded.Span);
        return header.Format switch
        {
            ImageFormat.Jpeg => Image.JpegloadSource(source),
            ImageFormat.Png => Image.PngloadSource(source),
            ImageFormat.WebP => Image.WebploadSource(source, n: -1),
            ImageFormat.Avif => Image.HeifloadSource(source),
            _ => Image.GifloadSource(source, n: -1),
        };
    }
}
