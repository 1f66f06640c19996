using System.Net.Security;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Likeness.Xmpp.Server.Connections;

/// <summary>
/// Lets OpenSSL give back its two 16 KiB record buffers while a connection is quiet (<c>SSL_MODE_RELEASE_BUFFERS</c>).
/// Chat sessions are quiet nearly always, and .NET has no setting for it; where the way in is not found, only memory is lost.
/// </summary>
internal static partial class OpenSslBuffers
{
    private const int ControlMode = 33;
    private const int ReleaseBuffers = 0x10;
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;

    private static readonly FieldInfo? Context = typeof(SslStream).GetField("_securityContext", Hidden);
    private static readonly bool IsOpenSsl3 = OperatingSystem.IsLinux() && SafeEvpPKeyHandle.OpenSslVersion is >= 0x3000_0000 and < 0x4000_0000;

    /// <summary>Call after the handshake; true when OpenSSL took it.</summary>
    public static bool ReleaseWhenQuiet(SslStream stream)
    {
        var context = IsOpenSsl3 ? Context?.GetValue(stream) : null;
        if (HandleIn(context) is not { IsInvalid: false, IsClosed: false } handle)
        {
            return false;
        }

        var kept = false;
        try
        {
            handle.DangerousAddRef(ref kept);
            return (Control(handle.DangerousGetHandle(), ControlMode, ReleaseBuffers, 0) & ReleaseBuffers) != 0;
        }
        catch (Exception missing) when (missing is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
        finally
        {
            if (kept)
            {
                handle.DangerousRelease();
            }
        }
    }

    // On Unix the context is the handle itself, or holds it.
    private static SafeHandle? HandleIn(object? context) => context switch
    {
        null => null,
        SafeHandle handle when handle.GetType().Name == "SafeSslHandle" => handle,
        _ => context.GetType().GetFields(Hidden).Select(field => field.GetValue(context)).OfType<SafeHandle>()
            .FirstOrDefault(handle => handle.GetType().Name == "SafeSslHandle"),
    };

    [LibraryImport("libssl.so.3", EntryPoint = "SSL_ctrl")]
    private static partial nint Control(nint ssl, int command, nint argument, nint pointer);
}
