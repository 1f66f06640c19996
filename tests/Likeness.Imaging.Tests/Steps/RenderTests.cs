using Likeness.Imaging.Tests.Support;

namespace Likeness.Imaging.Tests.Steps;

public sealed class RenderTests
{
    public static TheoryData<ImageFormat, int, int, int> OddShapes { get; } = new(
        from format in Enum.GetValues<ImageFormat>()
        from shape in new[] { (1, 1, 80), (3, 700, 80), (640, 479, 80), (479, 640, 512), (33, 1000, 1), (81, 80, 80), (1023, 1021, 255) }
        select (format, shape.Item1, shape.Item2, shape.Item3));

    [Theory, MemberData(nameof(OddShapes)), Trait("Requirement", "L-31")]
    public async Task The_result_is_exactly_the_asked_square_whatever_the_shape(ImageFormat format, int width, int height, int size)
    {
        var rendered = await Render(RenderRequest.Photo(TestPictures.Of(format, width, height), size));

        rendered.Format.ShouldBe(format);
        var pixels = Pixels.Of(rendered);
        (pixels.Width, pixels.Height).ShouldBe((size, size));
        (rendered.Width, rendered.Height).ShouldBe((size, size));
    }

    [Theory]
    [CombinatorialFormats]
    public async Task Every_format_can_be_turned_into_every_format(ImageFormat from, ImageFormat to)
    {
        var source = TestPictures.Of(from, 300, 300);

        var rendered = await Render(RenderRequest.Photo(source, 96, to));

        rendered.Format.ShouldBe(to);
        var straight = await Render(RenderRequest.Photo(source, 96, ImageFormat.Png));
        Perceptual.Distance(rendered.Bytes, straight.Bytes).ShouldBeLessThan(to == ImageFormat.Gif ? 9 : 4);
    }

    [Fact]
    public async Task A_translucent_picture_lies_on_white_as_jpeg_and_stays_translucent_as_png()
    {
        var source = TestPictures.Translucent(200, 100, [255, 0, 0], 0);

        var jpeg = Pixels.Of(await Render(RenderRequest.Photo(source, 80, ImageFormat.Jpeg)));
        var png = Pixels.Of(await Render(RenderRequest.Photo(source, 80)));

        jpeg[40, 40].ToArray().ShouldAllBe(level => level > 250);
        png.Bands.ShouldBe(4);
        png[40, 40][3].ShouldBe((byte)0);
    }

    [Theory, Trait("Requirement", "L-10B")]
    [InlineData(ImageFormat.Gif)]
    [InlineData(ImageFormat.WebP)]
    public async Task An_animation_stays_one_in_its_own_format(ImageFormat format)
    {
        var source = TestPictures.Animation(format, 301, 200, 5);

        var rendered = await Render(RenderRequest.Photo(source, 80));

        ImageGate.TryIdentify(rendered.Bytes.Span, out var header).ShouldBeTrue();
        header!.Frames.ShouldBe(5);
        (header.Width, header.Height).ShouldBe((80, 80));
        var pixels = Pixels.Of(rendered);
        pixels.PageHeight.ShouldBe(80);
        pixels[40, 80 + 40][1].ShouldBeGreaterThan((byte)200, "the second frame is green");
        pixels[40, 160][2].ShouldBeGreaterThan((byte)200, "the third frame is blue from its first line on");
    }

    [Fact, Trait("Requirement", "L-10B")]
    public async Task An_animation_shows_its_first_frame_in_another_format()
    {
        var rendered = await Render(RenderRequest.Photo(TestPictures.Animation(ImageFormat.Gif, 64, 64, 3), 80, ImageFormat.Png));

        var pixels = Pixels.Of(rendered);
        pixels.Height.ShouldBe(80);
        pixels[40, 40][0].ShouldBeGreaterThan((byte)200);
    }

    private static async Task<RenderedImage> Render(RenderRequest request)
    {
        await using var renderer = new InProcessRenderer();
        return await renderer.Render(request, TestContext.Current.CancellationToken);
    }
}
