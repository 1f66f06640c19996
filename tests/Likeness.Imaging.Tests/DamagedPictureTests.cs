using Likeness.Imaging.Tests.Support;

namespace Likeness.Imaging.Tests;

public sealed class DamagedPictureTests
{
    [Theory]
    [InlineData(ImageFormat.Jpeg)]
    [InlineData(ImageFormat.Png)]
    [InlineData(ImageFormat.WebP)]
    [InlineData(ImageFormat.Gif)]
    public async Task A_picture_that_was_cut_short_is_refused(ImageFormat format)
    {
        var whole = TestPictures.Of(format, 400, 400);

        await ShouldBeRefused(whole.AsMemory(0, whole.Length / 2));
    }

    [Theory]
    [InlineData(ImageFormat.Jpeg, 1)]
    [InlineData(ImageFormat.Jpeg, 2)]
    [InlineData(ImageFormat.Png, 12)]
    [InlineData(ImageFormat.Gif, 1)]
    public async Task A_file_that_lacks_only_the_mark_of_its_end_lacks_nothing(ImageFormat format, int bytes)
    {
        var whole = TestPictures.Of(format, 400, 400);
        await using var renderer = new InProcessRenderer();

        var rendered = await renderer.Render(RenderRequest.Photo(whole.AsMemory(0, whole.Length - bytes), 400, ImageFormat.Png), TestContext.Current.CancellationToken);

        Perceptual.Distance(rendered.Bytes, whole).ShouldBe(0, 0.01);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_jpeg_that_lacks_a_few_of_its_pixels_too_is_refused(bool progressive)
    {
        var whole = TestPictures.Jpeg(400, 400, progressive);

        foreach (var bytes in new[] { 4, 400, 4000 })
        {
            await ShouldBeRefused(whole.AsMemory(0, whole.Length - bytes));
        }
    }

    [Fact]
    public async Task A_header_that_promises_more_than_there_is_is_refused()
    {
        await ShouldBeRefused(Bombs.Jpeg(4000, 4000).AsMemory()[..^2]);
        await ShouldBeRefused(Bombs.Png(4000, 4000, interlaced: false));
    }

    [Fact]
    public async Task A_picture_after_a_damaged_one_is_rendered_as_ever()
    {
        await ShouldBeRefused(TestPictures.Jpeg(400, 400).AsMemory(0, 2000));
        await using var renderer = new InProcessRenderer();

        var rendered = await renderer.Render(RenderRequest.Photo(TestPictures.Jpeg(400, 400), 80), TestContext.Current.CancellationToken);

        rendered.Width.ShouldBe(80);
    }

    [Fact]
    public async Task Svg_is_never_decoded_as_a_photo()
    {
        await using var renderer = new InProcessRenderer();
        var svg = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"u8.ToArray();

        (await Should.ThrowAsync<ImageRefusedException>(() => renderer.Render(RenderRequest.Photo(svg, 80), CancellationToken.None)))
            .Reason.ShouldBe(RefusalReason.UnknownFormat);
    }

    private static async Task ShouldBeRefused(ReadOnlyMemory<byte> picture)
    {
        await using var renderer = new InProcessRenderer();
        (await Should.ThrowAsync<ImageRefusedException>(() => renderer.Render(RenderRequest.Photo(picture, 80), CancellationToken.None)))
            .Reason.ShouldBe(RefusalReason.Undecodable);
    }
}
