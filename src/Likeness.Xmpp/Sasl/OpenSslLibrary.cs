using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Likeness.Xmpp.Sasl;

/// <summary>
/// The way to OpenSSL's own connection behind a <see cref="SslStream"/>, for what .NET has no words for. Where it is not found (another runtime,
/// another library) whoever asks does without. Likeness.Xmpp.Server compiles this file, too.
/// </summary>
internal static class OpenSslLibrary
{
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;

    private static readonly FieldInfo? Context = typeof(SslStream).GetField("_securityContext", Hidden);
    private static readonly Lazy<(nint Control, nint Export, string? Missing)> Library = new(Find);

    /// <summary>Calls OpenSSL with the connection of the stream.</summary>
    /// <param name="missing">Null: it was called; else why not.</param>
    public static T? Call<T>(SslStream stream, Func<nint, T?> call, out string? missing)
    {
        missing = Library.Value.Missing;
        if (missing is not null)
        {
            return default;
        }

        if (HandleIn(Context?.GetValue(stream)) is not { IsInvalid: false, IsClosed: false } handle)
        {
            missing = "this .NET keeps the connection's handle elsewhere";
            return default;
        }

        var kept = false;
        try
        {
            handle.DangerousAddRef(ref kept);
            return call(handle.DangerousGetHandle());
        }
        finally
        {
            if (kept)
            {
                handle.DangerousRelease();
            }
        }
    }

    /// <summary>SSL_ctrl.</summary>
    public static unsafe nint Control(nint ssl, int command, nint argument) =>
        ((delegate* unmanaged<nint, int, nint, nint, nint>)Library.Value.Control)(ssl, command, argument, 0);

    /// <summary>SSL_export_keying_material with an empty context. False: it refused.</summary>
    public static unsafe bool Export(nint ssl, ReadOnlySpan<byte> label, Span<byte> material)
    {
        fixed (byte* name = label, output = material)
        {
            return ((delegate* unmanaged<nint, byte*, nuint, byte*, nuint, byte*, nuint, int, int>)Library.Value.Export)(
                ssl, output, (nuint)material.Length, name, (nuint)label.Length, null, 0, 1) == 1;
        }
    }

    /// <summary>The one libssl that is loaded; null: none, or several, and nobody knows which one .NET uses.</summary>
    /// <param name="maps">Lines of <c>/proc/self/maps</c>.</param>
    internal static string? OnlyLibraryIn(IEnumerable<string> maps)
    {
        var loaded = maps.Select(line => line.IndexOf('/') is var path and >= 0 ? line[path..] : "")
            .Where(path => Path.GetFileName(path).StartsWith("libssl", StringComparison.Ordinal))
            .Distinct(StringComparer.Ordinal)
            .ToArray();
        return loaded is [var only] ? only : null;
    }

    // Another library than the one that made the connection would write into memory it does not understand.
    private static (nint Control, nint Export, string? Missing) Find()
    {
        if (!OperatingSystem.IsLinux())
        {
            return (0, 0, "not Linux");
        }

        if (SafeEvpPKeyHandle.OpenSslVersion is < 0x1010_0000 or >= 0x4000_0000)
        {
            return (0, 0, "an OpenSSL that is not known");
        }

        try
        {
            return OnlyLibraryIn(File.ReadLines("/proc/self/maps")) is { } path && NativeLibrary.TryLoad(path, out var library)
                && NativeLibrary.TryGetExport(library, "SSL_ctrl", out var control)
                && NativeLibrary.TryGetExport(library, "SSL_export_keying_material", out var export)
                ? (control, export, null)
                : (0, 0, "the libssl that .NET loaded cannot be told");
        }
        catch (IOException)
        {
            return (0, 0, "the loaded libraries cannot be read");
        }
    }

    // On Unix the context is the handle itself, or holds it.
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "A field that was trimmed away is one that is not found.")]
    private static SafeHandle? HandleIn(object? context) => context switch
    {
        null => null,
        SafeHandle handle when handle.GetType().Name == "SafeSslHandle" => handle,
        _ => context.GetType().GetFields(Hidden).Select(field => field.GetValue(context)).OfType<SafeHandle>()
            .FirstOrDefault(handle => handle.GetType().Name == "SafeSslHandle"),
    };
}
