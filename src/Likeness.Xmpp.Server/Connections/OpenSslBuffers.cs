using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Likeness.Xmpp.Server.Connections;

/// <summary>
/// Lets OpenSSL give back its two 16 KiB record buffers while a connection is quiet (<c>SSL_MODE_RELEASE_BUFFERS</c>).
/// Chat sessions are quiet nearly always, and .NET has no setting for it; where the way in is not found, only memory is lost.
/// </summary>
internal static class OpenSslBuffers
{
    private const int ControlMode = 33;
    private const int ReleaseBuffers = 0x10;
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;

    private static readonly FieldInfo? Context = typeof(SslStream).GetField("_securityContext", Hidden);
    private static readonly Lazy<(nint Control, string? Missing)> Library = new(FindControl);

    /// <summary>Call after the handshake. Null: OpenSSL took it; else why not.</summary>
    public static string? ReleaseWhenQuiet(SslStream stream)
    {
        if (Library.Value.Missing is { } missing)
        {
            return missing;
        }

        if (HandleIn(Context?.GetValue(stream)) is not { IsInvalid: false, IsClosed: false } handle)
        {
            return "this .NET keeps the connection's handle elsewhere";
        }

        var kept = false;
        try
        {
            handle.DangerousAddRef(ref kept);
            return (Control(handle.DangerousGetHandle(), ControlMode, ReleaseBuffers, 0) & ReleaseBuffers) != 0 ? null : "OpenSSL refused";
        }
        finally
        {
            if (kept)
            {
                handle.DangerousRelease();
            }
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

    private static nint Control(nint ssl, int command, nint argument, nint pointer)
    {
        unsafe
        {
            return ((delegate* unmanaged<nint, int, nint, nint, nint>)Library.Value.Control)(ssl, command, argument, pointer);
        }
    }

    // Another library than the one that made the connection would write into memory it does not understand.
    private static (nint Control, string? Missing) FindControl()
    {
        if (!OperatingSystem.IsLinux())
        {
            return (0, "not Linux");
        }

        if (SafeEvpPKeyHandle.OpenSslVersion is < 0x1010_0000 or >= 0x4000_0000)
        {
            return (0, "an OpenSSL that is not known");
        }

        try
        {
            return OnlyLibraryIn(File.ReadLines("/proc/self/maps")) is { } path
                && NativeLibrary.TryLoad(path, out var library) && NativeLibrary.TryGetExport(library, "SSL_ctrl", out var control)
                ? (control, null)
                : (0, "the libssl that .NET loaded cannot be told");
        }
        catch (IOException)
        {
            return (0, "the loaded libraries cannot be read");
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
}

/// <summary>Says once, at start, whether the memory of quiet TLS connections is given back: a handshake with itself tells.</summary>
internal sealed partial class OpenSslBuffersCheck(
    XmppServerOptions options, Func<string?, SslStreamCertificateContext> certificates, ILogger<OpenSslBuffersCheck> log) : BackgroundService
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.ReleasesTlsBuffers)
        {
            Log.SwitchedOff(log);
            return;
        }

        try
        {
            if (await Try().WaitAsync(Limit, stoppingToken) is { } missing)
            {
                Log.Kept(log, missing);
            }
            else
            {
                Log.GivenBack(log);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // A server that could not start ends at once; the host would call this a failure.
        }
#pragma warning disable CA1031 // A line in the log is not worth the server.
        catch (Exception failed) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Log.Kept(log, failed.Message);
        }
    }

    private async Task<string?> Try()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var there = new TcpClient();
        await there.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        using var here = await listener.AcceptTcpClientAsync();
        await using var server = new SslStream(here.GetStream());
#pragma warning disable CA5359 // Both ends are this process: there is nobody to be deceived.
        await using var client = new SslStream(there.GetStream(), false, (_, _, _, _) => true);
#pragma warning restore CA5359
        await Task.WhenAll(
            server.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificateContext = certificates(null) }),
            client.AuthenticateAsClientAsync("localhost"));
        return OpenSslBuffers.ReleaseWhenQuiet(server);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "OpenSSL gives back the buffers of quiet connections")]
        public static partial void GivenBack(ILogger logger);

        [LoggerMessage(2, LogLevel.Information, "OpenSSL keeps 32 KiB of buffers for each quiet connection: {Reason}")]
        public static partial void Kept(ILogger logger, string reason);

        [LoggerMessage(3, LogLevel.Information, "OpenSSL keeps 32 KiB of buffers for each quiet connection: switched off by release-tls-buffers")]
        public static partial void SwitchedOff(ILogger logger);
    }
}
