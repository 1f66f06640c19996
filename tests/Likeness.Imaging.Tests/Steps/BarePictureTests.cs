using System.Text;
using Likeness.Imaging.Tests.Support;

namespace Likeness.Imaging.Tests.Steps;

/// <summary>Metadata of every container, and what is left of it: the parts that pixels need.</summary>
[Trait("Requirement", "L-105")]
public sealed class BarePictureTests
{
    private const string Secret = "52.5200N-the-secret-place";

    public static TheoryData<ImageFormat, ImageFormat> Every { get; } = new(
        from source in Enum.GetValues<ImageFormat>() from target in Enum.GetValues<ImageFormat>() select (source, target));

    [Theory]
    [MemberData(nameof(Every))]
    public async Task Only_what_pixels_need_is_left(ImageFormat source, ImageFormat target)
    {
        var talkative = Talkative(source);
        Encoding.Latin1.GetString(talkative).ShouldContain(Secret);

        var rendered = await Render(RenderRequest.Photo(talkative, 80, target));

        rendered.Format.ShouldBe(target);
        Containers.PartsOf(rendered.Bytes.Span, target).ShouldBeSubsetOf(NeededBy(target));
        Encoding.Latin1.GetString(rendered.Bytes.Span).ShouldNotContain(Secret);
    }

    [Theory]
    [InlineData(ImageFormat.Jpeg)]
    [InlineData(ImageFormat.Png)]
    [InlineData(ImageFormat.WebP)]
    [InlineData(ImageFormat.Gif)]
    public async Task Uploads_keep_nothing_either(ImageFormat source)
    {
        foreach (var request in new[] { RenderRequest.Master(Talkative(source)), RenderRequest.InBand(Talkative(source)) })
        {
            var rendered = await Render(request);

            Containers.PartsOf(rendered.Bytes.Span, rendered.Format).ShouldBeSubsetOf(NeededBy(rendered.Format));
        }
    }

    [Theory]
    [InlineData(ImageFormat.Gif)]
    [InlineData(ImageFormat.WebP)]
    [Trait("Requirement", "L-10B")]
    public async Task A_talkative_animation_keeps_its_frames_and_nothing_else(ImageFormat format)
    {
        var animation = TestPictures.Animation(format, 64, 64, 3);
        var talkative = format == ImageFormat.Gif ? Containers.WithExtensions(animation, Secret) : [.. animation, .. "tail "u8, .. Encoding.ASCII.GetBytes(Secret)];

        var rendered = await Render(RenderRequest.Photo(talkative, 32));

        ImageGate.TryIdentify(rendered.Bytes.Span, out var header).ShouldBeTrue();
        header!.Frames.ShouldBe(3);
        Containers.PartsOf(rendered.Bytes.Span, format).ShouldBeSubsetOf(NeededBy(format));
        Encoding.Latin1.GetString(rendered.Bytes.Span).ShouldNotContain(Secret);
    }

    [Theory]
    [InlineData(ImageFormat.Jpeg)]
    [InlineData(ImageFormat.Png)]
    [Trait("Requirement", "L-10B")]
    public async Task A_format_without_animation_shows_the_first_frame(ImageFormat target)
    {
        foreach (var source in new[] { ImageFormat.Gif, ImageFormat.WebP })
        {
            var pixels = Pixels.Of(await Render(RenderRequest.Photo(TestPictures.Animation(source, 64, 64, 3), 32, target)));

            (pixels.Width, pixels.Height).ShouldBe((32, 32));
            pixels[16, 16][0].ShouldBeGreaterThan((byte)240, "the first frame is red");
            pixels[16, 16][1].ShouldBeLessThan((byte)16);
        }
    }

    [Theory]
    [InlineData(ImageFormat.Gif)]
    [InlineData(ImageFormat.WebP)]
    [Trait("Requirement", "L-21")]
    public async Task What_shows_through_lies_on_white_as_jpeg_whatever_it_was(ImageFormat source)
    {
        var seeThrough = await Render(RenderRequest.Photo(TestPictures.Translucent(90, 90, [0, 0, 255], 0), 90, source));

        var pixels = Pixels.Of(await Render(RenderRequest.Photo(seeThrough.Bytes, 40, ImageFormat.Jpeg)));

        pixels.Bands.ShouldBe(3);
        pixels[20, 20].ToArray().ShouldAllBe(level => level > 250);
    }

    private static byte[] Talkative(ImageFormat format) => format switch
    {
        ImageFormat.Jpeg => Segments.WithSegment(Segments.WithExif(TestPictures.Jpeg(120, 100), 1, Secret), 0xED, Encoding.ASCII.GetBytes($"Photoshop 3.0\0{Secret}")),
        ImageFormat.Png => Segments.WithText(TestPictures.Png(120, 100), "GPS", Secret),
        ImageFormat.WebP => Containers.WithChunks(TestPictures.WebP(120, 100), 120, 100, Secret),
        ImageFormat.Avif => [.. TestPictures.Avif(120, 100), .. "\0\0\0\u0021free"u8, .. Encoding.ASCII.GetBytes(Secret)],
        _ => Containers.WithExtensions(TestPictures.Gif(120, 100), Secret),
    };

    private static string[] NeededBy(ImageFormat format) => format switch
    {
        // Tables, frame header, restart interval and the 18 bytes of JFIF.
        ImageFormat.Jpeg => ["E0", "DB", "C0", "C2", "C4", "DD"],

        // pHYs: so many pixels to the metre, which says nothing about anybody.
        ImageFormat.Png => ["IHDR", "PLTE", "tRNS", "pHYs", "IDAT", "IEND"],
        ImageFormat.WebP => ["VP8X", "VP8 ", "VP8L", "ALPH", "ANIM", "ANMF"],
        ImageFormat.Avif => ["ftyp", "meta", "hdlr", "pitm", "iloc", "iinf", "iprp", "ipco", "ispe", "pixi", "av1C", "colr", "ipma", "mdat"],
        _ => ["NETSCAPE2.0", "F9", "image"],
    };

    private static async Task<RenderedImage> Render(RenderRequest request)
    {
        await using var renderer = new InProcessRenderer();
        return await renderer.Render(request, TestContext.Current.CancellationToken);
    }
}
