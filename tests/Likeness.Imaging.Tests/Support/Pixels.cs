using NetVips;

namespace Likeness.Imaging.Tests.Support;

/// <summary>A decoded picture, eight bits per band.</summary>
internal sealed class Pixels
{
    private readonly byte[] _bytes;

    private Pixels(Image image)
    {
        Width = image.Width;
        Height = image.Height;
        PageHeight = image.PageHeight;
        Bands = image.Bands;
        _bytes = image.WriteToMemory<byte>();
    }

    public int Width { get; }

    public int Height { get; }

    public int PageHeight { get; }

    public int Bands { get; }

    public ReadOnlySpan<byte> this[int x, int y] => _bytes.AsSpan(((y * Width) + x) * Bands, Bands);

    /// <summary>Which colour of <see cref="TestPictures.Quadrants"/> is there: R, G, B or W.</summary>
    public char Letter(int x, int y)
    {
        var pixel = this[x, y];
        return (pixel[0] > 128, pixel[1] > 128, pixel[2] > 128) switch
        {
            (true, false, false) => 'R',
            (false, true, false) => 'G',
            (false, false, true) => 'B',
            (true, true, true) => 'W',
            _ => '?',
        };
    }

    /// <summary>Those of the four corners, line by line, so far from the edges.</summary>
    public string Corners(int inset)
    {
        var (right, bottom) = (Width - 1 - inset, Height - 1 - inset);
        return string.Concat(Letter(inset, inset), Letter(right, inset), Letter(inset, bottom), Letter(right, bottom));
    }

    public static Pixels Of(RenderedImage image) => Of(image.Bytes);

    public static Pixels Of(ReadOnlyMemory<byte> encoded)
    {
        using var image = Decoded.Open(encoded);
        return new Pixels(image);
    }
}
