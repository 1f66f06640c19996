using static Likeness.Imaging.Vips.Native;

namespace Likeness.Imaging.Vips;

/// <summary>One call of a libvips operation: named arguments in, then <see cref="Image"/>, <see cref="Bytes"/> or <see cref="Number"/> out. Names are UTF-8 literals, which end with a zero byte.</summary>
internal unsafe ref struct VipsOperation
{
    private nint _operation;

    public VipsOperation(ReadOnlySpan<byte> name)
    {
        fixed (byte* text = name)
        {
            _operation = vips_operation_new(text);
        }

        if (_operation == 0)
        {
            throw VipsLibrary.TakeError();
        }
    }

    public VipsOperation With(scoped ReadOnlySpan<byte> argument, bool content)
    {
        GValue value = default;
        g_value_init(&value, TypeBoolean);
        g_value_set_boolean(&value, content ? 1 : 0);
        return Set(argument, &value);
    }

    public VipsOperation With(scoped ReadOnlySpan<byte> argument, int content)
    {
        GValue value = default;
        g_value_init(&value, TypeInt);
        g_value_set_int(&value, content);
        return Set(argument, &value);
    }

    public VipsOperation With(scoped ReadOnlySpan<byte> argument, double content)
    {
        GValue value = default;
        g_value_init(&value, TypeDouble);
        g_value_set_double(&value, content);
        return Set(argument, &value);
    }

    public VipsOperation With(scoped ReadOnlySpan<byte> argument, scoped ReadOnlySpan<byte> content)
    {
        GValue value = default;
        g_value_init(&value, TypeString);
        fixed (byte* text = content)
        {
            g_value_set_string(&value, text);
        }

        return Set(argument, &value);
    }

    public VipsOperation With(scoped ReadOnlySpan<byte> argument, VipsImage content)
    {
        GValue value = default;
        g_value_init(&value, vips_image_get_type());
        g_value_set_object(&value, content.Handle);
        return Set(argument, &value);
    }

    public VipsOperation With(scoped ReadOnlySpan<byte> argument, IReadOnlyList<VipsImage> content)
    {
        GValue value = default;
        g_value_init(&value, vips_array_image_get_type());
        vips_value_set_array_image(&value, content.Count);
        var images = vips_value_get_array_image(&value, null);
        for (var i = 0; i < content.Count; i++)
        {
            images[i] = g_object_ref(content[i].Handle);
        }

        return Set(argument, &value);
    }

    public VipsOperation With(scoped ReadOnlySpan<byte> argument, scoped ReadOnlySpan<double> content)
    {
        GValue value = default;
        g_value_init(&value, vips_array_double_get_type());
        fixed (double* numbers = content)
        {
            vips_value_set_array_double(&value, numbers, content.Length);
        }

        return Set(argument, &value);
    }

    /// <summary>The bytes are not copied: they have to stay where they are until the last image made of them is gone.</summary>
    public VipsOperation With(scoped ReadOnlySpan<byte> argument, byte* data, int length)
    {
        GValue value = default;
        g_value_init(&value, vips_blob_get_type());
        vips_value_set_blob(&value, 0, data, (nuint)length);
        return Set(argument, &value);
    }

    /// <summary>Runs the operation and takes its image.</summary>
    public VipsImage Image()
    {
        Build();
        GValue value = default;
        g_value_init(&value, vips_image_get_type());
        Get("out"u8, &value);
        var image = g_object_ref(g_value_get_object(&value));
        g_value_unset(&value);
        Release();
        return new VipsImage(image);
    }

    /// <summary>Runs the operation and copies the encoded picture out.</summary>
    public byte[] Bytes()
    {
        Build();
        GValue value = default;
        g_value_init(&value, vips_blob_get_type());
        Get("buffer"u8, &value);
        nuint length;
        var data = vips_value_get_blob(&value, &length);
        var bytes = new ReadOnlySpan<byte>(data, checked((int)length)).ToArray();
        g_value_unset(&value);
        Release();
        return bytes;
    }

    /// <summary>Runs the operation and takes its number.</summary>
    public double Number()
    {
        Build();
        GValue value = default;
        g_value_init(&value, TypeDouble);
        Get("out"u8, &value);
        var number = g_value_get_double(&value);
        g_value_unset(&value);
        Release();
        return number;
    }

    private readonly VipsOperation Set(scoped ReadOnlySpan<byte> argument, GValue* value)
    {
        fixed (byte* name = argument)
        {
            g_object_set_property(_operation, name, value);
        }

        g_value_unset(value);
        return this;
    }

    private readonly void Get(scoped ReadOnlySpan<byte> argument, GValue* value)
    {
        fixed (byte* name = argument)
        {
            g_object_get_property(_operation, name, value);
        }
    }

    private void Build()
    {
        var built = vips_cache_operation_build(_operation);
        if (built == 0)
        {
            Release();
            throw VipsLibrary.TakeError();
        }

        g_object_unref(_operation);
        _operation = built;
    }

    private void Release()
    {
        vips_object_unref_outputs(_operation);
        g_object_unref(_operation);
        _operation = 0;
    }
}
