using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NetVips;

namespace Likeness.Imaging;

/// <summary>Starts libvips once in this process: no operation cache, one thread, and only the loaders we name.</summary>
public static class VipsLibrary
{
    /// <summary>The variable that chooses another libvips than the one that comes along: <c>system</c>, or a file.</summary>
    public const string Variable = "LIKENESS_LIBVIPS";

    private const string FileName = "libvips.so.42";
    private const string SvgLoader = "VipsForeignLoadSvgBuffer";
    private static readonly Lazy<bool> Started = new(StartOnce);

    /// <exception cref="RenderUnavailableException">libvips cannot be loaded or does not start.</exception>
    public static void Start() => _ = Started.Value;

    /// <summary>Which libvips is in use, such as 8.18.7.</summary>
    /// <exception cref="RenderUnavailableException">As for <see cref="Start"/>.</exception>
    public static string Version()
    {
        Start();
        return VersionOfStarted();
    }

    /// <summary>Lets the SVG loader be used until the scope is left: for our own drawings only.</summary>
    internal static SvgAllowance AllowSvg() => new();

    private static bool StartOnce()
    {
        var chosen = Environment.GetEnvironmentVariable(Variable) ?? "";
        if (chosen.Length > 0)
        {
            // The package starts libvips as soon as it is touched, so it is named here and not mentioned: it then finds this resolver and keeps it.
            NativeLibrary.SetDllImportResolver(Assembly.Load("NetVips"), (_, _, _) => NativeLibrary.Load(chosen == "system" ? FileName : chosen));
        }

        Prepare(chosen);
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Prepare(string chosen)
    {
        if (!ModuleInitializer.VipsInitialized)
        {
            throw new RenderUnavailableException(
                chosen.Length > 0
                    ? $"libvips cannot be used as {Variable}={chosen} says: {ModuleInitializer.Exception.Message}"
                    : $"libvips, which comes with this program, cannot be loaded: {ModuleInitializer.Exception.Message}",
                ModuleInitializer.Exception);
        }

        if (!NetVips.NetVips.AtLeastLibvips(8, 16))
        {
            throw new RenderUnavailableException("libvips is too old: version 8.16 or later is needed.");
        }

        // A warning describes a stranger's picture; nobody reads it and it must not fill a log.
        Log.SetLogHandler("VIPS", Enums.LogLevelFlags.Warning, (_, _, _) => { });
        Cache.Max = 0;
        NetVips.NetVips.Concurrency = 1;
        Operation.Block("VipsForeignLoad", true);
        Operation.Block("VipsForeignLoadJpegSource", false);
        Operation.Block("VipsForeignLoadPngSource", false);
        Operation.Block("VipsForeignLoadWebpSource", false);
        Operation.Block("VipsForeignLoadHeifSource", false);
    }

    // Apart, so that the package is not touched before it is told which library to take.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string VersionOfStarted() =>
        string.Create(CultureInfo.InvariantCulture, $"{NetVips.NetVips.Version(0)}.{NetVips.NetVips.Version(1)}.{NetVips.NetVips.Version(2)}");

    internal readonly ref struct SvgAllowance
    {
        public SvgAllowance() => Operation.Block(SvgLoader, false);

        public void Dispose() => Operation.Block(SvgLoader, true);
    }
}
