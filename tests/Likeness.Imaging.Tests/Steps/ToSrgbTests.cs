using Likeness.Imaging.Tests.Support;
using NetVips;

namespace Likeness.Imaging.Tests.Steps;

public sealed class ToSrgbTests
{
    private static readonly double[] Orange = [230, 120, 40];

    [Fact]
    public async Task A_cmyk_jpeg_comes_out_in_the_same_colours_for_screens()
    {
        var pixels = await RenderToPng(InProfile("cmyk", image => image.JpegsaveBuffer(q: 95)));

        ShouldBeOrange(pixels);
    }

    [Fact]
    [Trait("Requirement", "L-105")]
    public async Task A_wide_gamut_picture_keeps_its_colours_without_its_profile()
    {
        var wide = InProfile("p3", image => image.PngsaveBuffer());

        // The numbers in the file are others: shown without their profile they would be a paler orange.
        var stored = Pixels.Of(wide)[40, 40].ToArray();
        ((double)stored[0]).ShouldBe(218, 3);
        var pixels = await RenderToPng(wide);
        for (var band = 0; band < 3; band++)
        {
            ((double)pixels[40, 40][band]).ShouldBe(Orange[band], 2);
        }
    }

    [Fact]
    public async Task Sixteen_bits_become_eight()
    {
        using var plain = TestPictures.Plain(100, 100, Orange);
        using var deep = plain.Colourspace(Enums.Interpretation.Rgb16);

        var pixels = await RenderToPng(deep.PngsaveBuffer());

        ShouldBeOrange(pixels);
    }

    [Fact]
    public async Task Grey_stays_grey()
    {
        using var plain = TestPictures.Plain(100, 100, [99, 99, 99]);
        using var grey = plain.Colourspace(Enums.Interpretation.Bw);

        var pixels = await RenderToPng(grey.JpegsaveBuffer());

        ((double)pixels[40, 40][0]).ShouldBe(99, 2);
    }

    private static byte[] InProfile(string profile, Func<Image, byte[]> save)
    {
        using var plain = TestPictures.Plain(100, 100, Orange);
        using var inProfile = plain.IccTransform(profile, inputProfile: "srgb");
        return save(inProfile);
    }

    private static async Task<Pixels> RenderToPng(byte[] source)
    {
        await using var renderer = new InProcessRenderer();
        return Pixels.Of(await renderer.Render(RenderRequest.Photo(source, 80, ImageFormat.Png), TestContext.Current.CancellationToken));
    }

    private static void ShouldBeOrange(Pixels pixels)
    {
        pixels.Bands.ShouldBe(3);
        for (var band = 0; band < 3; band++)
        {
            // Inks cannot show every screen colour.
            ((double)pixels[40, 40][band]).ShouldBe(Orange[band], 25);
        }
    }
}
