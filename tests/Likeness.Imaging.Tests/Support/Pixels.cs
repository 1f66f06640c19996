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

    public static Pixels Of(RenderedImage image) => Of(image.Bytes);

    public static Pixels Of(ReadOnlyMemory<byte> encoded)
    {
        using var image = Decoded.Open(encoded);
        return new Pixels(image);
    }
}
