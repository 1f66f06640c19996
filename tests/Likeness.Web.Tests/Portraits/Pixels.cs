using Likeness.Cli.Tests;
using NetVips;

namespace Likeness.Web.Tests.Portraits;

/// <summary>What a picture shows, point by point.</summary>
internal sealed record Pixels(byte[] Bytes, int Width, int Height, int Bands)
{
    public static Pixels Of(byte[] file)
    {
        using var image = Image.NewFromBuffer(file);
        using var colours = image.Colourspace(Enums.Interpretation.Srgb);
        return new Pixels(colours.WriteToMemory<byte>(), colours.Width, colours.Height, colours.Bands);
    }

    /// <summary>A picture in which the red of a column tells where it was.</summary>
    public static byte[] Ramp(int width, int height)
    {
        var rows = new byte[height * (width + 1)];
        for (var at = 0; at < width * height; at++)
        {
            rows[(at / width * (width + 1)) + 1 + (at % width)] = (byte)(at % width * 255 / width);
        }

        return TestPicture.Png(width, height, colour: 0, rows);
    }

    public double Red(int x, int y) => Bytes[((y * Width) + x) * Bands];
}
