using Likeness.Imaging.Tests.Support;

namespace Likeness.Imaging.Tests.Steps;

public sealed class OrientTests
{
    /// <summary>Letters: red, green, blue, white; top left, top right, bottom left, bottom right.</summary>
    [Theory, Trait("Requirement", "L-105")]
    [InlineData(1, "RGBW")]
    [InlineData(2, "GRWB")]
    [InlineData(3, "WBGR")]
    [InlineData(4, "BWRG")]
    [InlineData(5, "RBGW")]
    [InlineData(6, "BRWG")]
    [InlineData(7, "WGBR")]
    [InlineData(8, "GWRB")]
    public async Task Every_exif_orientation_is_turned_upright(int orientation, string corners)
    {
        var source = Segments.WithExif(TestPictures.Quadrants(400, 200), orientation);
        await using var renderer = new InProcessRenderer();

        var rendered = await renderer.Render(RenderRequest.Photo(source, 80), TestContext.Current.CancellationToken);

        var pixels = Pixels.Of(rendered);
        pixels.Corners(15).ShouldBe(corners);
    }
}
