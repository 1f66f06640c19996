using System.Globalization;
using System.Text;
using Likeness.Imaging.Drawing;

namespace Likeness.Cli.Drawing;

/// <summary>Draws pixels as text: one character is two pixels, the upper in the letter's colour, the lower in its background.</summary>
internal static class HalfBlocks
{
    private const string Reset = "\e[0m";
    private const byte Visible = 128;

    public static string Draw(Pixels pixels)
    {
        var text = new StringBuilder();
        for (var y = 0; y < pixels.Height; y += 2)
        {
            for (var x = 0; x < pixels.Width; x++)
            {
                var upper = pixels.At(x, y);
                var lower = y + 1 < pixels.Height ? pixels.At(x, y + 1) : default;
                Append(text, upper, lower);
            }

            text.Append(Reset).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>The same without escapes, for files, pipes and terminals without colours: one letter is two pixels, the darker the fuller.</summary>
    public static string Letters(Pixels pixels)
    {
        const string Light = "@%#*+=-:. ";
        var text = new StringBuilder();
        for (var y = 0; y < pixels.Height; y += 2)
        {
            for (var x = 0; x < pixels.Width; x++)
            {
                var below = Math.Min(y + 1, pixels.Height - 1);
                text.Append(Light[(Brightness(pixels.At(x, y)) + Brightness(pixels.At(x, below))) * (Light.Length - 1) / 510]);
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    private static int Brightness((byte Red, byte Green, byte Blue, byte Alpha) pixel) =>
        pixel.Alpha < Visible ? 255 : ((pixel.Red * 3) + (pixel.Green * 6) + pixel.Blue) / 10;

    private static void Append(
        StringBuilder text,
        (byte Red, byte Green, byte Blue, byte Alpha) upper,
        (byte Red, byte Green, byte Blue, byte Alpha) lower)
    {
        switch (upper.Alpha >= Visible, lower.Alpha >= Visible)
        {
            case (true, true):
                Colour(text, 38, upper);
                Colour(text, 48, lower);
                text.Append('▀');
                break;
            case (true, false):
                text.Append(Reset);
                Colour(text, 38, upper);
                text.Append('▀');
                break;
            case (false, true):
                text.Append(Reset);
                Colour(text, 38, lower);
                text.Append('▄');
                break;
            default:
                text.Append(Reset).Append(' ');
                break;
        }
    }

    private static void Colour(StringBuilder text, int layer, (byte Red, byte Green, byte Blue, byte Alpha) colour) =>
        text.Append(CultureInfo.InvariantCulture, $"\e[{layer};2;{colour.Red};{colour.Green};{colour.Blue}m");
}
