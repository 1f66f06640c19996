using Likeness.Imaging.Colors;

namespace Likeness.Imaging.Tests.Colors;

public sealed class ConsistentColorTests
{
    /// <summary>The test vectors of XEP-0392 1.0.0, section "Test Vectors".</summary>
    [Theory]
    [InlineData("Romeo", 327.255249, 0.865, 0.000, 0.686)]
    [InlineData("juliet@capulet.lit", 209.410400, 0.000, 0.515, 0.573)]
    [InlineData("😺", 331.199341, 0.872, 0.000, 0.659)]
    [InlineData("council", 359.994507, 0.918, 0.000, 0.394)]
    [InlineData("Board", 171.430664, 0.000, 0.527, 0.457)]
    public void The_colour_is_that_of_every_chat_client(string text, double hue, double red, double green, double blue)
    {
        const double half = 0.5 / 255;

        var color = ConsistentColor.OfAddress(text);

        color.Hue.ShouldBe(hue, 1e-6);
        (color.Rgb.Red / 255.0).ShouldBe(red, half + 0.0005);
        (color.Rgb.Green / 255.0).ShouldBe(green, half + 0.0005);
        (color.Rgb.Blue / 255.0).ShouldBe(blue, half + 0.0005);
    }

    [Fact]
    public void White_letters_can_be_read_on_every_hue()
    {
        foreach (var hue in Enumerable.Range(0, 360))
        {
            var color = new ConsistentColor(hue);

            color.UnderWhite.ContrastTo(Rgb.White).ShouldBeGreaterThanOrEqualTo(4.5);
            Math.Abs(color.UnderWhite.Luminance - color.Rgb.Luminance).ShouldBeLessThan(0.03, "as light as chats show it");
            Math.Abs(Math.IEEERemainder(HueOf(color.UnderWhite) - HueOf(color.Rgb), 360)).ShouldBeLessThan(12, "the hue stays, as far as HSL's hue is that of HSLuv");
        }
    }

    [Fact]
    public void Contrast_is_as_WCAG_defines_it()
    {
        var black = new Rgb(0, 0, 0);

        Rgb.White.ContrastTo(black).ShouldBe(21, 1e-9);
        black.ContrastTo(Rgb.White).ShouldBe(21, 1e-9);
        new Rgb(0x77, 0x77, 0x77).ContrastTo(Rgb.White).ShouldBe(4.48, 0.005);
    }

    /// <summary>Degrees, as HSV counts them nearly enough.</summary>
    private static double HueOf(Rgb color) =>
        Math.Atan2(Math.Sqrt(3) * (color.Green - color.Blue), (2 * color.Red) - color.Green - color.Blue) * 180 / Math.PI;
}
