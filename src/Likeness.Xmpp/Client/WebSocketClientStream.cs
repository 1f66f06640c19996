using System.Buffers;
using System.Net.WebSockets;
using System.Security;
using System.Security.Authentication;
using System.Text;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Client;

/// <summary>A stream over WebSocket (RFC 7395): one element is one text message, and <c>open</c> and <c>close</c> stand for the stream's tags.</summary>
internal sealed class WebSocketClientStream(Uri address, XmppClientOptions options, ServerFinder finder) : ClientStream(options)
{
    private const int BufferBytes = 8 * 1024;
    private const int MaxKeptBytes = 64 * 1024;
    private readonly ClientWebSocket _socket = new();
    private HttpMessageInvoker? _web;
    private ArrayBufferWriter<byte> _message = new(BufferBytes);
    private int _maxBytes = options.Limits.StanzaBytesBeforeAuthentication;

    public override bool IsSecure { get; } = address.Scheme == Uri.UriSchemeWss;

    public override async Task Connect(CancellationToken cancellationToken)
    {
        _socket.Options.AddSubProtocol("xmpp");
        _socket.Options.KeepAliveInterval = Timeout.InfiniteTimeSpan;
        _web = new HttpMessageInvoker(HostMeta.Handler(finder, Judge));
        try
        {
            await _socket.ConnectAsync(address, _web, cancellationToken);
        }
        catch (WebSocketException refused) when (Fault is not null)
        {
            throw new AuthenticationException(Fault, refused);
        }
        catch (WebSocketException refused)
        {
            throw new IOException($"There is no WebSocket for chats at {address}.", refused);
        }
    }

    public override void AllowLargeStanzas() => _maxBytes = Options.Limits.StanzaBytes;

    public override Task StartTls(CancellationToken cancellationToken) =>
        throw new InvalidOperationException("TLS of a WebSocket begins before it.");

    public override async Task Close(CancellationToken cancellationToken)
    {
        await WriteInTurn(Encoding.UTF8.GetBytes($"<close xmlns='{Ns.Framing}'/>"), cancellationToken);
        await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancellationToken);
    }

    public override ValueTask DisposeAsync()
    {
        _socket.Dispose();
        _web?.Dispose();
        return base.DisposeAsync();
    }

    protected override Task WriteOpening(CancellationToken cancellationToken)
    {
        var from = IsSecure ? $" from='{SecurityElement.Escape(Options.Account.BareText)}'" : "";
        return WriteInTurn(Encoding.UTF8.GetBytes($"<open xmlns='{Ns.Framing}'{from} to='{SecurityElement.Escape(Options.Account.Domain)}' version='1.0' xml:lang='en'/>"), cancellationToken);
    }

    protected override void Write(IBufferWriter<byte> output, Element element) => ElementWriter.WriteAlone(output, element);

    protected override Task WriteBytes(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        _socket.SendAsync(bytes, WebSocketMessageType.Text, endOfMessage: true, cancellationToken).AsTask();

    protected override async Task<StreamEvent> Next(CancellationToken cancellationToken)
    {
        ValueWebSocketReceiveResult received;
        do
        {
            try
            {
                received = await _socket.ReceiveAsync(_message.GetMemory(BufferBytes), cancellationToken);
            }
            catch (WebSocketException broken)
            {
                throw new IOException("The connection broke.", broken);
            }

            Heard = Options.TimeProvider.GetTimestamp();
            if (received.MessageType == WebSocketMessageType.Close)
            {
                throw new IOException("The server closed the connection.");
            }

            _message.Advance(received.Count);
            if (_message.WrittenCount > _maxBytes)
            {
                throw new StreamErrorException("policy-violation", $"A message of the server has more than {_maxBytes} bytes.");
            }
        }
        while (!received.EndOfMessage);

        var element = XmlStreamReader.ParseElement(_message.WrittenSpan, "", Options.Limits with { StanzaBytes = _maxBytes });
        if (_message.Capacity > MaxKeptBytes)
        {
            _message = new(BufferBytes);
        }
        else
        {
            _message.ResetWrittenCount();
        }

        // RFC 7395 §3.6.1
        if (element.Is("close", Ns.Framing) && element["see-other-uri"] is { } elsewhere)
        {
            throw Ended("see-other-host", null, elsewhere);
        }

        return element.Namespace != Ns.Framing ? new StreamEvent(StreamEventKind.Element, element, null)
            : element.Name == "open" ? new StreamEvent(StreamEventKind.StreamOpened, element, Ns.Client)
            : new StreamEvent(StreamEventKind.StreamClosed, null, null);
    }
}
