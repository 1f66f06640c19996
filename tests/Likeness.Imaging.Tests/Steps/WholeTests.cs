using System.Text;
using Likeness.Imaging.Tests.Support;

namespace Likeness.Imaging.Tests.Steps;

/// <summary>What is kept of an upload so that it can be cut anew.</summary>
[Trait("Requirement", "P-35")]
public sealed class WholeTests
{
    [Theory]
    [InlineData(1, 400, 200, "RGBW")]
    [InlineData(3, 400, 200, "WBGR")]
    [InlineData(6, 200, 400, "BRWG")]
    [InlineData(8, 200, 400, "GWRB")]
    public async Task All_of_it_is_there_the_right_way_up(int orientation, int width, int height, string corners)
    {
        var whole = Pixels.Of(await Whole(Segments.WithExif(TestPictures.Quadrants(400, 200), orientation)));
        (whole.Width, whole.Height).ShouldBe((width, height));
        whole.Corners(5).ShouldBe(corners);
    }

    [Theory]
    [InlineData(ImageFormat.Jpeg, ImageFormat.Jpeg)]
    [InlineData(ImageFormat.Png, ImageFormat.Png)]
    [InlineData(ImageFormat.WebP, ImageFormat.Jpeg)]
    [InlineData(ImageFormat.Gif, ImageFormat.Png)]
    public async Task It_is_no_larger_than_asked_for_and_of_the_same_shape(ImageFormat format, ImageFormat kept)
    {
        var whole = await Whole(TestPictures.Of(format, 3000, 1000), 600);
        (whole.Width, whole.Height, whole.Format).ShouldBe((600, 200, kept));
        ImageGate.TryIdentify(whole.Bytes.Span, out var header).ShouldBeTrue();
        (header.Width, header.Height).ShouldBe((600, 200));
        whole = await Whole(TestPictures.Of(format, 300, 100), 600);
        (whole.Width, whole.Height).ShouldBe((300, 100));
    }

    [Theory]
    [InlineData(ImageFormat.Jpeg)]
    [InlineData(ImageFormat.Png)]
    [InlineData(ImageFormat.WebP)]
    public async Task What_is_hardly_more_than_a_line_stays_one(ImageFormat format)
    {
        var line = await Whole(TestPictures.Of(format, 3000, 1), 600);
        (line.Width, line.Height).ShouldBe((600, 1));
    }

    [Fact]
    public async Task Nothing_is_in_it_but_the_picture()
    {
        var file = Segments.WithExif(TestPictures.Jpeg(300, 200), 1);
        Encoding.Latin1.GetString(file).ShouldContain("Exif");
        Encoding.Latin1.GetString((await Whole(file)).Bytes.Span).ShouldNotContain("Exif");
    }

    [Fact]
    public async Task What_shows_through_still_does_and_of_an_animation_one_frame_is_kept()
    {
        var clear = Pixels.Of(await Whole(TestPictures.Translucent(400, 100, [255, 0, 0], 128), 200));
        (clear.Width, clear.Height, clear.Bands).ShouldBe((200, 50, 4));
        ((int)clear[100, 25][3]).ShouldBeInRange(126, 130);
        ((int)clear[100, 25][0]).ShouldBeGreaterThan(250);
        var still = await Whole(TestPictures.Animation(ImageFormat.Gif, 60, 40, 3));
        (still.Width, still.Height, still.Format).ShouldBe((60, 40, ImageFormat.Png));
    }

    private static async Task<RenderedImage> Whole(byte[] source, int longestEdge = 2048)
    {
        await using var renderer = new InProcessRenderer();
        return await renderer.Render(RenderRequest.Whole(source, longestEdge), TestContext.Current.CancellationToken);
    }
}
