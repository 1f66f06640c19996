using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Xmpp.Server.Connections;

/// <summary>Chats for programs in browsers: streams over WebSocket (RFC 7395) at a path of the web side.</summary>
public static class WebSocketEndpoint
{
    /// <summary>Where it is, below the web side's root.</summary>
    public const string Path = "/xmpp-websocket";

    private const string Protocol = "xmpp";
    private const int KeyBytes = 16;

    /// <summary>Needs the XMPP server beside it. Whoever comes without TLS, by his own or a declared proxy's word, is refused, a developer's own machine apart.</summary>
    public static void MapXmppWebSocket(this IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider.GetRequiredService<StreamServices>();
        endpoints.MapMethods(Path, ["GET", "CONNECT"], context => Serve(context, services)).WithDisplayName("xmpp-websocket");
    }

    private static async Task Serve(HttpContext context, StreamServices services)
    {
        if (Refusal(context, services.Options) is var (status, reason))
        {
            await Refuse(context, status, reason);
            return;
        }

        var address = context.Connection.RemoteIpAddress;
        if (!services.Limits.TryEnter(address))
        {
            await Refuse(context, StatusCodes.Status503ServiceUnavailable, "There are too many connections.");
            return;
        }

        WebSocketTransport transport;
        try
        {
            transport = new WebSocketTransport(context, await Accept(context), address);
        }
        catch
        {
            services.Limits.Leave(address);
            throw;
        }

        await new StreamConnection(transport, new WebSocketFrame(StreamRole.Client, services.Options.Limits), services).Run(tlsFirst: false);
    }

    // RFC 6455 §4.2, RFC 8441 §5, RFC 7395 §3.1.
    private static (int Status, string Reason)? Refusal(HttpContext context, XmppServerOptions options)
    {
        var request = context.Request;
        if (!request.IsHttps && !options.IsDevelopment(context.Connection.RemoteIpAddress ?? IPAddress.None))
        {
            return (StatusCodes.Status403Forbidden, "Chats need https. A web server in front has to be declared (trusted-proxy) and to send X-Forwarded-Proto.");
        }

        // RFC 6455 §10.2; what is no browser names no origin.
        if (options.WebOrigins.Count > 0 && request.Headers.Origin is [{ } origin] && !options.WebOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase))
        {
            return (StatusCodes.Status403Forbidden, "Pages of this site do not chat here (chat-origin).");
        }

        if (!IsExtendedConnect(context, out _))
        {
            var isUpgrade = context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true }
                && HttpMethods.IsGet(request.Method)
                && request.Headers.Upgrade.ToString().Equals("websocket", StringComparison.OrdinalIgnoreCase);
            if (!isUpgrade || request.Headers.SecWebSocketVersion != "13")
            {
                context.Response.Headers.Upgrade = "websocket";
                context.Response.Headers.SecWebSocketVersion = "13";
                return (StatusCodes.Status426UpgradeRequired, "This is a WebSocket for chat programs (RFC 7395), not a page.");
            }

            Span<byte> key = stackalloc byte[KeyBytes + 2];
            if (!Convert.TryFromBase64String(request.Headers.SecWebSocketKey.ToString(), key, out var length) || length != KeyBytes)
            {
                return (StatusCodes.Status400BadRequest, "Sec-WebSocket-Key is 16 bytes in Base64.");
            }
        }

        return request.Headers.SecWebSocketProtocol.SelectMany(line => (line ?? "").Split(',', StringSplitOptions.TrimEntries)).Contains(Protocol)
            ? null
            : (StatusCodes.Status400BadRequest, "Ask for the sub-protocol xmpp (RFC 7395).");
    }

    private static Task Refuse(HttpContext context, int status, string reason)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return context.Response.WriteAsync(reason + "\n", context.RequestAborted);
    }

    private static bool IsExtendedConnect(HttpContext context, out IHttpExtendedConnectFeature connect)
    {
        connect = context.Features.Get<IHttpExtendedConnectFeature>()!;
        return connect is { IsExtendedConnect: true, Protocol: "websocket" };
    }

    private static async Task<Stream> Accept(HttpContext context)
    {
        LiftLimits(context.Features);
        context.Response.Headers.SecWebSocketProtocol = Protocol;
        if (IsExtendedConnect(context, out var connect))
        {
            return await connect.AcceptAsync();
        }

        context.Response.Headers.Upgrade = "websocket";
        context.Response.Headers.SecWebSocketAccept = AnswerTo(context.Request.Headers.SecWebSocketKey.ToString());
        return await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
    }

    // A chat is quiet for hours and has no end of bytes; its own limits are those of streams.
    private static void LiftLimits(IFeatureCollection features)
    {
        if (features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        if (features.Get<IHttpMinRequestBodyDataRateFeature>() is { } request)
        {
            request.MinDataRate = null;
        }

        if (features.Get<IHttpMinResponseDataRateFeature>() is { } response)
        {
            response.MinDataRate = null;
        }
    }

#pragma warning disable CA5350 // RFC 6455 §1.3 has SHA-1 here; nothing is secured by it.
    private static string AnswerTo(string key) =>
        Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350
}

/// <summary>The bytes of an accepted WebSocket. What is written goes on in pieces: a slow peer is seen to take them.</summary>
internal sealed class WebSocketTransport(HttpContext context, Stream inner, IPAddress? address) : Stream, IStreamTransport
{
    private const int Piece = 16 * 1024;
    private long _taken;

    public Stream Stream => this;

    // Kept: the request is over before the stream has told that its client is gone.
    public IPAddress? Address { get; } = address;

    public bool StartsTls => false;

    public X509Certificate2? Certificate => null;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public long BytesTaken() => Volatile.Read(ref _taken);

    public void Abort() => context.Abort();

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => inner.ReadAsync(buffer, cancellationToken);

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            var piece = buffer[..Math.Min(Piece, buffer.Length)];
            await inner.WriteAsync(piece, cancellationToken);
            Volatile.Write(ref _taken, _taken + piece.Length);
            buffer = buffer[piece.Length..];
        }
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override void Flush()
    {
        // Nothing is held back.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Reads are asynchronous.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Writes are asynchronous.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
