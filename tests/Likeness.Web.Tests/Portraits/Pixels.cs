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

    public double Red(int x, int y) => Bytes[((y * Width) + x) * Bands];
}
