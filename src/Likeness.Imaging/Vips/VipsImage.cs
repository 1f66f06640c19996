using static Likeness.Imaging.Vips.Native;

namespace Likeness.Imaging.Vips;

/// <summary>One reference to a libvips image; most images are a promise that is kept when they are saved.</summary>
internal sealed unsafe class VipsImage(nint handle) : IDisposable
{
    public const int FormatByte = 0;

    public nint Handle { get; private set; } = handle;

    public int Width => vips_image_get_width(Handle);

    public int Height => vips_image_get_height(Handle);

    public int PageHeight => vips_image_get_page_height(Handle);

    public int Bands => vips_image_get_bands(Handle);

    public int Format => vips_image_get_format(Handle);

    public Interpretation Interpretation => (Interpretation)vips_image_get_interpretation(Handle);

    /// <summary>EXIF orientation, 1 to 8.</summary>
    public int Orientation => vips_image_get_orientation(Handle);

    public bool HasAlpha => vips_image_hasalpha(Handle) != 0;

    public bool Has(ReadOnlySpan<byte> field)
    {
        fixed (byte* name = field)
        {
            return vips_image_get_typeof(Handle, name) != 0;
        }
    }

    /// <summary>Decodes everything into memory, so that pixels can be read in any order.</summary>
    public VipsImage ToMemory()
    {
        var copy = vips_image_copy_memory(Handle);
        return copy != 0 ? new VipsImage(copy) : throw VipsLibrary.TakeError();
    }

    /// <summary>Only on an image nobody else refers to.</summary>
    public void Set(ReadOnlySpan<byte> field, int value)
    {
        fixed (byte* name = field)
        {
            vips_image_set_int(Handle, name, value);
        }
    }

    /// <summary>Removes every field but the <paramref name="kept"/> ones. Only on an image nobody else refers to.</summary>
    public void RemoveFields(Func<string, bool> kept)
    {
        var fields = vips_image_get_fields(Handle);
        for (var field = fields; *field is not null; field++)
        {
            if (!kept(System.Runtime.InteropServices.Marshal.PtrToStringUTF8((nint)(*field))!))
            {
                _ = vips_image_remove(Handle, *field);
            }
        }

        g_strfreev(fields);
    }

    public void Dispose()
    {
        if (Handle != 0)
        {
            g_object_unref(Handle);
            Handle = 0;
        }
    }
}

/// <summary>libvips' colour spaces that pictures come in (VipsInterpretation).</summary>
internal enum Interpretation
{
    BlackWhite = 1,
    Cmyk = 15,
    Srgb = 22,
    Rgb16 = 25,
    Grey16 = 26,
}
