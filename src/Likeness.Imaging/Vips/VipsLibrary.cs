using System.Runtime.InteropServices;
using static Likeness.Imaging.Vips.Native;

namespace Likeness.Imaging.Vips;

/// <summary>Starts libvips once in this process: no operation cache, one thread, and only the loaders we name.</summary>
internal static unsafe class VipsLibrary
{
    private static readonly Lock Starting = new();
    private static bool s_started;

    /// <exception cref="RenderUnavailableException">libvips is not installed or does not start.</exception>
    public static void Start()
    {
        lock (Starting)
        {
            if (s_started)
            {
                return;
            }

            try
            {
                StartLocked();
                s_started = true;
            }
            catch (DllNotFoundException exception)
            {
                throw new RenderUnavailableException(
                    "libvips is missing: install the package libvips42 (on Debian: apt-get install libvips42).", exception);
            }
            catch (EntryPointNotFoundException exception)
            {
                throw new RenderUnavailableException(
                    "libvips is too old: install the package libvips42 in version 8.14 or later.", exception);
            }
        }
    }

    /// <summary>Lets the SVG loader be used until the scope is left: for our own drawings only.</summary>
    public static SvgAllowance AllowSvg() => new();

    /// <summary>Takes libvips' last error, so that the next failure does not carry it along.</summary>
    public static VipsException TakeError()
    {
        var text = Marshal.PtrToStringUTF8(vips_error_buffer()) ?? "";
        vips_error_clear();
        return new VipsException(text.Trim());
    }

    private static void StartLocked()
    {
        g_log_set_default_handler(&Ignore, 0);
        fixed (byte* name = "likeness"u8)
        {
            if (vips_init(name) != 0)
            {
                throw new RenderUnavailableException($"libvips does not start: {TakeError().Message}");
            }
        }

        vips_cache_set_max(0);

        // With vector code on, resizing on several threads corrupts the heap (8.14 with liborc 0.4.33); one thread is safe.
        vips_concurrency_set(1);
        Block("VipsForeignLoad"u8, true);
        Block("VipsForeignLoadJpegBuffer"u8, false);
        Block("VipsForeignLoadPngBuffer"u8, false);
        Block("VipsForeignLoadWebpBuffer"u8, false);
        Block("VipsForeignLoadNsgifBuffer"u8, false);
    }

    private static void Block(ReadOnlySpan<byte> type, bool blocked)
    {
        fixed (byte* name = type)
        {
            vips_operation_block_set(name, blocked ? 1 : 0);
        }
    }

    /// <summary>libvips' warnings describe strangers' pictures; nobody reads them and they must not fill a log.</summary>
    [UnmanagedCallersOnly]
    private static void Ignore(byte* domain, int level, byte* message, nint data)
    {
    }

    internal readonly ref struct SvgAllowance
    {
        public SvgAllowance() => Block("VipsForeignLoadSvgBuffer"u8, false);

        public void Dispose() => Block("VipsForeignLoadSvgBuffer"u8, true);
    }
}
