using Likeness.Imaging.Tests.Hostile.Corpus;
using Likeness.Imaging.Tests.Support;
using NetVips;

namespace Likeness.Imaging.Tests.Steps;

public sealed class ColouringTests
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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Requirement", "L-105")]
    public async Task Sixteen_bits_with_alpha_stay_as_translucent_as_they_were(bool withProfile)
    {
        using var plain = TestPictures.Plain(64, 64, [.. Orange, 102]);
        using var deep = plain.Colourspace(Enums.Interpretation.Rgb16);
        using var stored = withProfile ? deep.IccTransform("srgb", inputProfile: "srgb", depth: 16) : deep.Copy();

        var pixels = await RenderToPng(stored.PngsaveBuffer(bitdepth: 16));

        pixels.Bands.ShouldBe(4);
        ((double)pixels[40, 40][3]).ShouldBe(102, 1);
        ((double)pixels[40, 40][0]).ShouldBe(Orange[0], 3);
    }

    [Fact]
    public async Task A_profile_with_a_perceptual_table_only_is_obeyed()
    {
        using var plain = TestPictures.Plain(64, 64, [200, 100, 50]);
        using var profiled = plain.Mutate(image => image.Set(GValue.BlobType, "icc-profile-data", ProfileFiles.TurningRedToBlue));

        var pixels = await RenderToPng(profiled.PngsaveBuffer());

        pixels[40, 40][2].ShouldBeGreaterThan(pixels[40, 40][0], "the profile's table swaps red and blue");
    }

    [Theory]
    [InlineData(100_000, 128, 188)]
    [InlineData(55_556, 128, 146)]
    [InlineData(45_455, 128, 128)]
    [InlineData(0, 128, 128)]
    public async Task A_png_that_gives_its_gamma_is_shown_as_bright_as_browsers_do(int gamma, int stored, int shown)
    {
        var png = TestPictures.Translucent(64, 64, [stored, stored, stored], 255).Inserted(33, PngFiles.Chunk("gAMA", Bytes.Big32((uint)gamma)));

        var pixels = await RenderToPng(png);

        ((double)pixels[40, 40][0]).ShouldBe(shown, 1);
        pixels[40, 40][3].ShouldBe((byte)255);
    }

    [Fact]
    public async Task A_profile_says_more_than_a_gamma()
    {
        var png = TestPictures.Translucent(64, 64, [128, 128, 128], 255)
            .Inserted(33, [.. PngFiles.Chunk("gAMA", Bytes.Big32(100_000)), .. PngFiles.Chunk("sRGB", [0])]);

        ((double)(await RenderToPng(png))[40, 40][0]).ShouldBe(128, 1);
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
