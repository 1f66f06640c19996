using Likeness.Imaging.Tests.Support;

namespace Likeness.Imaging.Tests.Steps;

public sealed class NormaliseTests
{
    [Theory]
    [InlineData(3000, 2000, 1024)]
    [InlineData(300, 200, 200)]
    public async Task A_master_is_a_square_jpeg_no_larger_than_asked_nor_than_the_source(int width, int height, int edge)
    {
        var master = await Render(RenderRequest.Master(TestPictures.Jpeg(width, height)));

        (master.Format, master.Width, master.Height).ShouldBe((ImageFormat.Jpeg, edge, edge));
    }

    [Fact]
    [Trait("Requirement", "L-21")]
    public async Task A_master_keeps_the_type_that_was_sent()
    {
        (await Render(RenderRequest.Master(TestPictures.Translucent(300, 300, [0, 90, 200], 128)))).Format.ShouldBe(ImageFormat.Png);
        (await Render(RenderRequest.Master(TestPictures.Translucent(300, 300, [0, 90, 200], 255)))).Format.ShouldBe(ImageFormat.Png);
        (await Render(RenderRequest.Master(TestPictures.Png(300, 300)))).Format.ShouldBe(ImageFormat.Png);
        (await Render(RenderRequest.Master(TestPictures.Gif(300, 300)))).Format.ShouldBe(ImageFormat.Png);
        (await Render(RenderRequest.Master(TestPictures.WebP(300, 300)))).Format.ShouldBe(ImageFormat.Jpeg);
        (await Render(RenderRequest.Master(TestPictures.Avif(300, 300)))).Format.ShouldBe(ImageFormat.Jpeg);
    }

    [Fact]
    public async Task An_animated_upload_keeps_moving_in_its_master()
    {
        var master = await Render(RenderRequest.Master(TestPictures.Animation(ImageFormat.Gif, 700, 600, 4)));

        ImageGate.TryIdentify(master.Bytes.Span, out var header).ShouldBeTrue();
        (header!.Width, header.Height, header.Frames).ShouldBe((512, 512, 4));
    }

    [Theory]
    [InlineData(64 * 1024, 192)]
    [InlineData(20 * 1024, 96)]
    [InlineData(1, 64)]
    public async Task The_chat_picture_gets_smaller_until_it_fits(int maxBytes, int largestEdge)
    {
        var chat = await Render(RenderRequest.InBand(TestPictures.Jpeg(1000, 800), maxBytes: maxBytes));

        chat.Format.ShouldBe(ImageFormat.Png);
        chat.Width.ShouldBeLessThanOrEqualTo(largestEdge);
        chat.Width.ShouldBeGreaterThanOrEqualTo(64);
        (chat.Bytes.Length <= maxBytes || chat.Width == 64).ShouldBeTrue();
    }

    [Fact]
    public async Task The_chat_picture_is_never_scaled_up()
    {
        (await Render(RenderRequest.InBand(TestPictures.Jpeg(40, 50)))).Width.ShouldBe(40);
    }

    private static async Task<RenderedImage> Render(RenderRequest request)
    {
        await using var renderer = new InProcessRenderer();
        return await renderer.Render(request, TestContext.Current.CancellationToken);
    }
}
