using System.Buffers;
using Likeness.Imaging.Vips;

namespace Likeness.Imaging.Tests.Support;

/// <summary>Opens an encoded picture with all its frames.</summary>
internal static unsafe class Decoded
{
    public static VipsImage Open(ReadOnlyMemory<byte> encoded, out MemoryHandle pin)
    {
        VipsLibrary.Start();
        if (!ImageGate.TryIdentify(encoded.Span, out var header))
        {
            throw new InvalidDataException("These bytes are no picture.");
        }

        pin = encoded.Pin();
        return Load(header.Format).With("buffer"u8, (byte*)pin.Pointer, encoded.Length).Image();
    }

    private static VipsOperation Load(ImageFormat format) => format switch
    {
        ImageFormat.Jpeg => new VipsOperation("jpegload_buffer"u8),
        ImageFormat.Png => new VipsOperation("pngload_buffer"u8),
        ImageFormat.WebP => new VipsOperation("webpload_buffer"u8).With("n"u8, -1),
        _ => new VipsOperation("gifload_buffer"u8).With("n"u8, -1),
    };
}
