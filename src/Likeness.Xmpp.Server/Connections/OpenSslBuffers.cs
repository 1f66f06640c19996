using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Likeness.Xmpp.Sasl;
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

    /// <summary>Call after the handshake. Null: OpenSSL took it; else why not.</summary>
    public static string? ReleaseWhenQuiet(SslStream stream)
    {
        var isTaken = OpenSslLibrary.Call(stream, static ssl => (OpenSslLibrary.Control(ssl, ControlMode, ReleaseBuffers) & ReleaseBuffers) != 0, out var missing);
        return missing ?? (isTaken ? null : "OpenSSL refused");
    }
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
