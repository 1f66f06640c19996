using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using System.Text;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Client;

/// <summary>The client's end of an XML stream: opens it, reads and writes elements, goes over to TLS.</summary>
internal sealed class ClientStream(Stream transport, XmppClientOptions options) : IAsyncDisposable
{
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly XmlStreamReader _xml = new(options.Limits);
    private PipeReader _input = PipeReader.Create(transport, new StreamPipeReaderOptions(leaveOpen: true));

    /// <summary>Non-null once TLS is up.</summary>
    public SslStream? Tls { get; private set; }

    private Stream Transport => Tls ?? transport;

    public void AllowLargeStanzas() => _xml.MaxStanzaBytes = options.Limits.StanzaBytes;

    /// <summary>Opens a stream, anew after TLS or SASL, and returns the features.</summary>
    public async Task<Element> Open(CancellationToken cancellationToken)
    {
        _xml.Reset();
        var header = $"<?xml version='1.0'?><stream:stream to='{options.Account.Domain}' version='1.0' xml:lang='en' xmlns='{Ns.Client}' xmlns:stream='{Ns.Streams}'>";
        await WriteBytes(Encoding.UTF8.GetBytes(header), cancellationToken);
        var opened = await Next(cancellationToken);
        if (opened.Kind != StreamEventKind.StreamOpened)
        {
            throw new StreamErrorException("bad-format", "The server sent no stream header.");
        }

        var features = await Read(cancellationToken);
        return features.Is("features", Ns.Streams) ? features : throw new StreamErrorException("bad-format", "The server sent no stream features.");
    }

    /// <summary>The next first-level element.</summary>
    /// <exception cref="StreamErrorException">The server ended the stream with an error, or sent what is no XML stream.</exception>
    /// <exception cref="IOException">The stream ended.</exception>
    public async Task<Element> Read(CancellationToken cancellationToken)
    {
        var next = await Next(cancellationToken);
        if (next.Element is not { } element)
        {
            throw new IOException("The server closed the stream.");
        }

        if (element.Is("error", Ns.Streams))
        {
            var condition = element.FirstOrDefault(child => child.Namespace == Ns.StreamErrors && child.Name != "text");
            throw new StreamErrorException(condition?.Name ?? "undefined-condition", element.Child("text", Ns.StreamErrors)?.Text());
        }

        return element;
    }

    public Task Write(Element element, CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        ElementWriter.Write(buffer, element, Ns.Client);
        return WriteBytes(buffer.WrittenMemory, cancellationToken);
    }

    /// <summary>Handshakes; what the server sent in plain text behind its consent makes the connection unusable.</summary>
    public async Task StartTls(CancellationToken cancellationToken)
    {
        if (_input.TryRead(out var early))
        {
            _input.AdvanceTo(early.Buffer.Start);
            if (!early.Buffer.IsEmpty)
            {
                throw new AuthenticationException("Data came in plain text before TLS began.");
            }
        }

        await _input.CompleteAsync();
        var domain = new IdnMapping().GetAscii(options.Account.Domain);
        var tls = new SslStream(transport, leaveInnerStreamOpen: false);
        Tls = tls;
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = domain,
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                RemoteCertificateValidationCallback = options.AcceptCertificate,
                ApplicationProtocols = options.DirectTls ? [new SslApplicationProtocol("xmpp-client")] : null,
            },
            cancellationToken);
        _input = PipeReader.Create(tls, new StreamPipeReaderOptions(leaveOpen: true));
    }

    public Task Close(CancellationToken cancellationToken) => WriteBytes("</stream:stream>"u8.ToArray(), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _input.CompleteAsync();
        await Transport.DisposeAsync();
        await transport.DisposeAsync();
        _writing.Dispose();
    }

    private async Task<StreamEvent> Next(CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await _input.ReadAsync(cancellationToken);
            var streamEvent = _xml.Read(read.Buffer, out var consumed, out var examined);
            _input.AdvanceTo(consumed, examined);
            if (streamEvent.Kind != StreamEventKind.NeedMoreData)
            {
                return streamEvent;
            }

            if (read.IsCompleted)
            {
                throw new IOException("The server closed the connection.");
            }
        }
    }

    private async Task WriteBytes(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            await Transport.WriteAsync(bytes, cancellationToken);
            await Transport.FlushAsync(cancellationToken);
        }
        finally
        {
            _writing.Release();
        }
    }
}
