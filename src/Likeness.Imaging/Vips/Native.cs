using System.Runtime.InteropServices;

namespace Likeness.Imaging.Vips;

/// <summary>A GLib value: its type and sixteen bytes of content; all zero before <see cref="Native.g_value_init"/>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct GValue
{
    public nint Type;
    public long First;
    public long Second;
}

/// <summary>The native functions in use, under their own names. None takes variable arguments.</summary>
internal static unsafe partial class Native
{
    public const string Vips = "libvips.so.42";
    private const string GObject = "libgobject-2.0.so.0";
    private const string GLib = "libglib-2.0.so.0";

    public const nint TypeBoolean = 5 << 2;
    public const nint TypeInt = 6 << 2;
    public const nint TypeDouble = 15 << 2;
    public const nint TypeString = 16 << 2;

    [LibraryImport(Vips)]
    public static partial int vips_init(byte* program);

    [LibraryImport(Vips)]
    public static partial int vips_version(int flag);

    [LibraryImport(Vips)]
    public static partial void vips_cache_set_max(int operations);

    [LibraryImport(Vips)]
    public static partial void vips_concurrency_set(int threads);

    [LibraryImport(Vips)]
    public static partial void vips_operation_block_set(byte* type, int blocked);

    [LibraryImport(Vips)]
    public static partial nint vips_error_buffer();

    [LibraryImport(Vips)]
    public static partial void vips_error_clear();

    [LibraryImport(Vips)]
    public static partial nint vips_operation_new(byte* name);

    [LibraryImport(Vips)]
    public static partial nint vips_cache_operation_build(nint operation);

    [LibraryImport(Vips)]
    public static partial void vips_object_unref_outputs(nint operation);

    [LibraryImport(Vips)]
    public static partial nint vips_image_get_type();

    [LibraryImport(Vips)]
    public static partial nint vips_blob_get_type();

    [LibraryImport(Vips)]
    public static partial nint vips_array_image_get_type();

    [LibraryImport(Vips)]
    public static partial nint vips_array_double_get_type();

    [LibraryImport(Vips)]
    public static partial void vips_value_set_blob(GValue* value, nint free, byte* data, nuint length);

    [LibraryImport(Vips)]
    public static partial byte* vips_value_get_blob(GValue* value, nuint* length);

    [LibraryImport(Vips)]
    public static partial void vips_value_set_array_double(GValue* value, double* array, int count);

    [LibraryImport(Vips)]
    public static partial void vips_value_set_array_image(GValue* value, int count);

    [LibraryImport(Vips)]
    public static partial nint* vips_value_get_array_image(GValue* value, int* count);

    [LibraryImport(Vips)]
    public static partial int vips_image_get_width(nint image);

    [LibraryImport(Vips)]
    public static partial int vips_image_get_height(nint image);

    [LibraryImport(Vips)]
    public static partial int vips_image_get_page_height(nint image);

    [LibraryImport(Vips)]
    public static partial int vips_image_get_format(nint image);

    [LibraryImport(Vips)]
    public static partial int vips_image_get_interpretation(nint image);

    [LibraryImport(Vips)]
    public static partial int vips_image_get_orientation(nint image);

    [LibraryImport(Vips)]
    public static partial int vips_image_hasalpha(nint image);

    [LibraryImport(Vips)]
    public static partial int vips_image_get_bands(nint image);

    [LibraryImport(Vips)]
    public static partial nint vips_image_get_typeof(nint image, byte* name);

    [LibraryImport(Vips)]
    public static partial byte** vips_image_get_fields(nint image);

    [LibraryImport(Vips)]
    public static partial int vips_image_remove(nint image, byte* name);

    [LibraryImport(Vips)]
    public static partial void vips_image_set_int(nint image, byte* name, int value);

    [LibraryImport(Vips)]
    public static partial nint vips_image_copy_memory(nint image);

    [LibraryImport(GObject)]
    public static partial GValue* g_value_init(GValue* value, nint type);

    [LibraryImport(GObject)]
    public static partial void g_value_unset(GValue* value);

    [LibraryImport(GObject)]
    public static partial void g_value_set_boolean(GValue* value, int content);

    [LibraryImport(GObject)]
    public static partial void g_value_set_int(GValue* value, int content);

    [LibraryImport(GObject)]
    public static partial void g_value_set_double(GValue* value, double content);

    [LibraryImport(GObject)]
    public static partial double g_value_get_double(GValue* value);

    [LibraryImport(GObject)]
    public static partial void g_value_set_string(GValue* value, byte* content);

    [LibraryImport(GObject)]
    public static partial void g_value_set_object(GValue* value, nint content);

    [LibraryImport(GObject)]
    public static partial nint g_value_get_object(GValue* value);

    [LibraryImport(GObject)]
    public static partial void g_object_set_property(nint instance, byte* name, GValue* value);

    [LibraryImport(GObject)]
    public static partial void g_object_get_property(nint instance, byte* name, GValue* value);

    [LibraryImport(GObject)]
    public static partial nint g_object_ref(nint instance);

    [LibraryImport(GObject)]
    public static partial void g_object_unref(nint instance);

    [LibraryImport(GLib)]
    public static partial void g_strfreev(byte** strings);

    [LibraryImport(GLib)]
    public static partial nint g_log_set_default_handler(delegate* unmanaged<byte*, int, byte*, nint, void> handler, nint data);
}
