using System.Runtime.InteropServices;
using Likeness.Imaging.Vips;

namespace Likeness.Imaging.Tests.Support;

/// <summary>A decoded picture, eight bits per band.</summary>
internal sealed partial class Pixels
{
    private readonly byte[] _bytes;

    private unsafe Pixels(VipsImage image)
    {
        Width = image.Width;
        Height = image.Height;
        PageHeight = image.PageHeight;
        Bands = image.Bands;
        var data = vips_image_write_to_memory(image.Handle, out var length);
        if (data == 0)
        {
            throw VipsLibrary.TakeError();
        }

        _bytes = new ReadOnlySpan<byte>((void*)data, (int)length).ToArray();
        g_free(data);
    }

    public int Width { get; }

    public int Height { get; }

    public int PageHeight { get; }

    public int Bands { get; }

    public ReadOnlySpan<byte> this[int x, int y] => _bytes.AsSpan(((y * Width) + x) * Bands, Bands);

    public static Pixels Of(RenderedImage image) => Of(image.Bytes);

    public static Pixels Of(ReadOnlyMemory<byte> encoded)
    {
        using var image = Decoded.Open(encoded, out var pin);
        using (pin)
        {
            return new Pixels(image);
        }
    }

    [LibraryImport("libvips.so.42")]
    private static partial nint vips_image_write_to_memory(nint image, out nuint length);

    [LibraryImport("libglib-2.0.so.0")]
    private static partial void g_free(nint memory);
}
