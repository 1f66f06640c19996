using Likeness.Imaging.Tests.Support;

namespace Likeness.Imaging.Tests.Steps;

/// <summary>The square that somebody chose, in pixels of the picture as it is seen.</summary>
[Trait("Requirement", "P-35")]
public sealed class CropTests
{
    /// <summary>The quadrant at the right and on top of what is seen, whatever the file says of its orientation.</summary>
    [Theory]
    [InlineData(1, 400, 200, 'G')]
    [InlineData(2, 400, 200, 'R')]
    [InlineData(3, 400, 200, 'B')]
    [InlineData(4, 400, 200, 'W')]
    [InlineData(5, 200, 400, 'B')]
    [InlineData(6, 200, 400, 'R')]
    [InlineData(7, 200, 400, 'G')]
    [InlineData(8, 200, 400, 'W')]
    public async Task It_is_cut_from_the_upright_picture(int orientation, int width, int height, char expected)
    {
        var source = Segments.WithExif(TestPictures.Quadrants(400, 200), orientation);
        var edge = Math.Min(width, height) / 2;
        var cut = await Cut(source, new Crop(CropPart.Square, width - edge, 0, edge));
        (cut.Width, cut.Height).ShouldBe((edge, edge));
        foreach (var (x, y) in new[] { (4, 4), (edge - 5, 4), (edge / 2, edge / 2), (edge - 5, edge - 5) })
        {
            cut.Letter(x, y).ShouldBe(expected);
        }
    }

    [Theory]
    [InlineData(0, false, "RGBW")]
    [InlineData(90, false, "BRWG")]
    [InlineData(180, false, "WBGR")]
    [InlineData(-90, false, "GWRB")]
    [InlineData(0, true, "GRWB")]
    [InlineData(90, true, "WGBR")]
    [InlineData(450, false, "BRWG")]
    public async Task It_is_mirrored_and_then_turned_clockwise(float angle, bool isMirrored, string corners)
    {
        var cut = await Cut(TestPictures.Quadrants(400, 400), new Crop(CropPart.Square, 0, 0, 400, angle, isMirrored));
        cut.Corners(60).ShouldBe(corners);
    }

    [Fact]
    public async Task A_small_angle_turns_about_the_centre_and_what_is_beside_the_picture_is_white()
    {
        var cut = await Cut(TestPictures.Quadrants(400, 400), new Crop(CropPart.Square, 0, 0, 400, 10));
        cut.Letter(2, 2).ShouldBe('W', "nothing is there");
        cut.Letter(200, 20).ShouldBe('R', "what was left of the middle has come to it");
        cut.Letter(190, 190).ShouldBe('R');
        cut.Letter(210, 190).ShouldBe('G');
    }

    [Fact]
    public async Task What_is_small_and_far_from_the_centre_is_sharp_although_the_picture_is_opened_small()
    {
        // Half of what is left of 2000 pixels: the file is opened at an eighth where all of it is wanted.
        var all = await Cut(TestPictures.Quadrants(2000, 1000), new Crop(CropPart.Whole), 64);
        (all.Width, all.Letter(32, 8), all.Letter(8, 24), all.Letter(56, 24)).ShouldBe((64, 'W', 'R', 'G'));

        var cut = await Cut(TestPictures.Quadrants(2000, 1000), new Crop(CropPart.Square, 900, 400, 200), 200);
        (cut.Width, cut.Letter(97, 97), cut.Letter(103, 97), cut.Letter(97, 103), cut.Letter(103, 103)).ShouldBe((200, 'R', 'G', 'B', 'W'));
    }

    [Fact]
    public async Task Transparency_and_animations_stay_what_they_are()
    {
        var clear = await Cut(TestPictures.Translucent(100, 50, [255, 0, 0], 128), new Crop(CropPart.Whole));
        clear.Bands.ShouldBe(4);
        clear[50, 5][3].ShouldBe((byte)0, "nothing is there");
        ((int)clear[50, 50][3]).ShouldBeInRange(126, 130);

        var animation = await Cut(TestPictures.Animation(ImageFormat.Gif, 60, 40, 3), new Crop(CropPart.Left));
        (animation.Width, animation.Height).ShouldBe((40, 120));
    }

    [Theory]
    [InlineData(float.NaN, float.NaN, float.NaN, float.NaN)]
    [InlineData(1e30f, -1e30f, 1e30f, 1e30f)]
    [InlineData(-5f, -5f, 0.001f, 45f)]
    [InlineData(float.PositiveInfinity, 0, -7f, float.NegativeInfinity)]
    public async Task Numbers_that_mean_nothing_give_some_of_the_picture(float x, float y, float edge, float angle)
    {
        var cut = await Cut(TestPictures.Quadrants(400, 200), new Crop(CropPart.Square, x, y, edge, angle));
        cut.Width.ShouldBeInRange(8, 800);
    }

    [Theory]
    [InlineData(CropPart.Centre, 300, 200, 100, 100, 200)]
    [InlineData(CropPart.Left, 300, 200, 100, 100, 200)]
    [InlineData(CropPart.Right, 300, 200, 200, 100, 200)]
    [InlineData(CropPart.Top, 200, 300, 100, 100, 200)]
    [InlineData(CropPart.Bottom, 200, 300, 100, 200, 200)]
    [InlineData(CropPart.Whole, 300, 200, 150, 100, 300)]
    public void A_part_is_the_largest_square_there(CropPart part, int width, int height, double x, double y, double edge) =>
        new Crop(part).In(width, height).ShouldBe(new CropSquare(part == CropPart.Centre ? width / 2.0 : x, y, edge, 0));

    private static async Task<Pixels> Cut(byte[] source, Crop crop, int size = 1024)
    {
        await using var renderer = new InProcessRenderer();
        return Pixels.Of(await renderer.Render(RenderRequest.Master(source, size, crop), TestContext.Current.CancellationToken));
    }
}
