using System.Text;
using Likeness.Imaging.Tests.Support;
using static Likeness.Imaging.Tests.Hostile.Corpus.Bytes;
using static Likeness.Imaging.Tests.Hostile.Corpus.HostileFile;

namespace Likeness.Imaging.Tests.Hostile.Corpus;

/// <summary>Files that are a picture and something else besides.</summary>
internal static class Polyglots
{
    /// <summary>What must never come out again.</summary>
    public const string Payload = "<script>alert('I am no picture at all')</script>";

    private static readonly byte[] Script = Encoding.ASCII.GetBytes(Payload);

    private static readonly byte[] Archive = [.. "PK\u0003\u0004"u8, .. new byte[26], .. Script, .. "PK\u0005\u0006"u8, .. new byte[18]];

    /// <summary>All of them are pictures to a decoder.</summary>
    public static IEnumerable<HostileFile> Pictures { get; } =
    [
        Picture("gif that is a script in its comment", () => GifFiles.File(16, 16, [0x21, 0xFE, .. GifFiles.SubBlocks(Script), 0, .. Sixteen()])),
        Picture("gif that is a script behind its end", () => [.. GifFiles.File(16, 16, Sixteen()), .. Script]),
        Picture("gif whose size opens a comment of a script", () => [.. GifFiles.File(0x2A2F, 16, [0x21, 0xFE, .. GifFiles.SubBlocks(Script), 0, .. Sixteen()]), .. "*/=1;"u8, .. Script]),
        Picture("gif whose colours are a script", () => GifFiles.File(16, 16, Colours(), Sixteen())),
        Picture("gif animation whose colours are a script", () => GifFiles.File(16, 16, Colours(), [.. Sixteen(), .. Sixteen(), .. Sixteen()])),
        Picture("gif whose pixels and colours are a script", () => GifFiles.File(16, 16, Colours(), GifFiles.Frame(0, 0, 16, 16, Striped()))),
        Picture("png with html in a text", () => Segments.WithText(TestPictures.Png(64, 64), "Comment", Payload)),
        Picture("png with html behind its end", () => [.. TestPictures.Png(64, 64), .. Script]),
        Picture("png with html in a chunk of its own", () => PngFiles.WithChunks(PngFiles.Chunk("htMl", Script))),
        Picture("png whose pixels are html", () => Spelled(8, 2)),
        Picture("png whose colours are html", () => PngFiles.File(PngFiles.Header(16, 16, 8, 3, 0), PngFiles.Chunk("PLTE", Script), PngFiles.Chunk("IDAT", Packed(Rows(16, 1))))),
        Picture("jpeg with a script in a comment", () => JpegFiles.WithSegments(0xFE, Script, 3)),
        Picture("jpeg whose first segment is a script", () => JpegFiles.WithSegments(0xE0, [.. "JFIF\0/*"u8, .. Script], 1)),
        Picture("jpeg that is an archive", () => [.. TestPictures.Jpeg(64, 64), .. Archive]),
        Picture("jpeg that is a document", () => JpegFiles.WithSegments(0xFE, [.. "\n%PDF-1.4\n1 0 obj\n"u8, .. Script, .. "\nendobj\n"u8], 1)),
        Picture("jpeg with a script in its exif", () => Segments.WithExif(TestPictures.Jpeg(64, 64), 1, Payload)),
        Picture("jpeg with a script in its xmp", () => JpegFiles.WithSegments(0xE1, [.. "http://ns.adobe.com/xap/1.0/\0"u8, .. Script], 1)),
        Picture("webp with a script in its xmp", () => WebPFiles.File(WebPFiles.Canvas(0x04, 16, 16), WebPFiles.Lossless(16), WebPFiles.Chunk("XMP "u8, Script))),
        Picture("webp with a script in an unknown chunk", () => WebPFiles.File(WebPFiles.Canvas(0, 16, 16), WebPFiles.Lossless(16), WebPFiles.Chunk("HTML"u8, Script))),
        Picture("webp with a script behind its end", () => [.. WebPFiles.File(WebPFiles.Lossless(16)), .. Script]),
    ];

    /// <summary>Something else that only looks like a picture, or is named like one.</summary>
    public static IEnumerable<HostileFile> Strangers { get; } =
    [
        Gate("html before a jpeg", RefusalReason.UnknownFormat, () => [.. Script, .. TestPictures.Jpeg(64, 64)]),
        Gate("document before a jpeg", RefusalReason.UnknownFormat, () => [.. "%PDF-1.4\n"u8, .. TestPictures.Jpeg(64, 64)]),
        Gate("archive before a png", RefusalReason.UnknownFormat, () => [.. Archive, .. TestPictures.Png(64, 64)]),
        Gate("line break before a gif", RefusalReason.UnknownFormat, () => [.. "\n"u8, .. TestPictures.Gif(64, 64)]),
        Gate("gif that is only its name and a script", RefusalReason.UnknownFormat, () => [.. "GIF89a/*"u8, .. Script, .. "*/"u8]),
        Gate("svg", RefusalReason.UnknownFormat, () => "<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"u8.ToArray()),
        Gate("packed svg", RefusalReason.UnknownFormat, () => [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]),
        Gate("tiff", RefusalReason.UnknownFormat, () => [.. "II*\0\b\0\0\0"u8, .. new byte[100]]),
        Gate("large tiff", RefusalReason.UnknownFormat, () => [.. "MM\0+\0\b\0\0"u8, .. new byte[100]]),
        Gate("bmp", RefusalReason.UnknownFormat, () => [.. "BM"u8, .. new byte[100]]),
        Gate("ico", RefusalReason.UnknownFormat, () => [0, 0, 1, 0, 1, 0, .. new byte[100]]),
        Gate("heif", RefusalReason.UnknownFormat, () => [0, 0, 0, 24, .. "ftypheic"u8, .. new byte[100]]),
        Gate("avif", RefusalReason.UnknownFormat, () => [0, 0, 0, 24, .. "ftypavif"u8, .. new byte[100]]),
        Gate("jpeg xl", RefusalReason.UnknownFormat, () => [0xFF, 0x0A, .. new byte[100]]),
        Gate("jpeg 2000", RefusalReason.UnknownFormat, () => [0, 0, 0, 12, .. "jP  \r\n"u8, 0x87, 0x0A, .. new byte[100]]),
        Gate("photoshop", RefusalReason.UnknownFormat, () => [.. "8BPS"u8, 0, 1, .. new byte[100]]),
        Gate("postscript", RefusalReason.UnknownFormat, () => "%!PS-Adobe-3.0 EPSF-3.0\n"u8.ToArray()),
        Gate("mng", RefusalReason.UnknownFormat, () => [0x8A, .. "MNG\r\n"u8, 0x1A, 0x0A, .. new byte[100]]),
        Gate("imagemagick drawing", RefusalReason.UnknownFormat, () => "push graphic-context\nimage over 0,0 0,0 'ephemeral:/etc/passwd'\n"u8.ToArray()),
        Gate("riff that is a film", RefusalReason.UnknownFormat, () => [.. "RIFF"u8, 200, 0, 0, 0, .. "AVI "u8, .. new byte[200]]),
        Gate("program", RefusalReason.UnknownFormat, () => [0x7F, .. "ELF"u8, .. new byte[100]]),
        Gate("fifty megabytes", RefusalReason.FileTooLarge, () => [.. TestPictures.Jpeg(64, 64), .. new byte[50_000_000]]),
    ];

    private static byte[] Sixteen() => GifFiles.Frame(0, 0, 16, 16, GifFiles.Zeros(256));

    // Sixteen colours spell it: three letters each.
    private static byte[] Colours() => [.. Script];

    private static byte[] Striped() =>
        [4, .. GifFiles.SubBlocks(Stripes()), 0];

    // Codes of five bits: clear after every fourteen pixels, so that they stay five bits wide.
    private static byte[] Stripes()
    {
        var bits = new List<bool>();
        for (var pixel = 0; pixel < 256; pixel++)
        {
            if (pixel % 14 == 0)
            {
                Put(16);
            }

            Put(pixel % 16);
        }

        Put(17);
        return [.. bits.Chunk(8).Select(octet => (byte)octet.Select((bit, at) => bit ? 1 << at : 0).Sum())];

        void Put(int code) => bits.AddRange(Enumerable.Range(0, 5).Select(bit => ((code >> bit) & 1) == 1));
    }

    private static byte[] Rows(int edge, int bytesOfPixel) =>
        [.. Enumerable.Range(0, edge).SelectMany(_ => (byte[])[0, .. Enumerable.Range(0, edge * bytesOfPixel).Select(x => (byte)(x % 16))])];

    // Eight rows of sixteen pixels, each row the whole text; unpacked, so that the file carries it as it is.
    private static byte[] Spelled(int rows, byte colour) => PngFiles.File(
        PngFiles.Header(16, (uint)rows, 8, colour, 0),
        PngFiles.Chunk("IDAT", Packed([.. Enumerable.Range(0, rows).SelectMany(_ => (byte[])[0, .. Script])], System.IO.Compression.CompressionLevel.NoCompression)));
}
