using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Likeness.Xmpp;
using Likeness.Xmpp.Xml;

namespace Likeness.Beside.Connections;

/// <summary>XEP-0114 Jabber Component Protocol 1.6, the component's side: one connection. Stanzas are handed on in <c>jabber:client</c>.</summary>
internal sealed class ComponentStream : IAsyncDisposable
{
    public const string Accept = "jabber:component:accept";

    /// <summary>Bytes of one stanza; more ends the stream. What people publish is limited by their own server, some of which set no limit.</summary>
    public const int MaxStanzaBytes = 4 * 1024 * 1024;

    private static readonly TimeSpan SetUpTimeout = TimeSpan.FromSeconds(20);

    private readonly Socket _socket;
    private readonly Stream _stream;
    private readonly PipeReader _reader;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly ArrayBufferWriter<byte> _buffer = new(4096);
    private readonly XmlStreamReader _xml = new(new StreamLimits { StanzaBytesBeforeAuthentication = MaxStanzaBytes, StanzaBytes = MaxStanzaBytes });

    private ComponentStream(Socket socket, Stream stream)
    {
        _socket = socket;
        _stream = stream;
        _reader = PipeReader.Create(stream);
    }

    /// <summary>Connects and shows the secret. Throws <see cref="ComponentRefusedException"/> when the server says no, else what the network throws.</summary>
    public static async Task<ComponentStream> Open(BesideOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(SetUpTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await Open(options, both.Token);
        }
        catch (OperationCanceledException late) when (timeout.IsCancellationRequested)
        {
            throw new IOException($"{options.Place} did not answer within {SetUpTimeout.TotalSeconds} seconds.", late);
        }
    }

    /// <summary>The next stanza; null when the server closed the stream. Throws <see cref="ComponentRefusedException"/> for its stream error.</summary>
    public async ValueTask<Element?> Read(CancellationToken cancellationToken)
    {
        var streamEvent = await Next(cancellationToken);
        return streamEvent.Kind switch
        {
            StreamEventKind.Element when streamEvent.Element!.Is("error", Ns.Streams) => throw ComponentRefusedException.Of(streamEvent.Element),
            StreamEventKind.Element => streamEvent.Element!.Renamed(Ns.Client),
            _ => null,
        };
    }

    /// <summary>Writes a stanza; one after another, whoever calls.</summary>
    public ValueTask Send(Element stanza, CancellationToken cancellationToken) =>
        Write(output => ElementWriter.Write(output, stanza.Namespace == Ns.Client ? stanza.Renamed(Accept) : stanza, Accept), cancellationToken);

    /// <summary>White space, which says that this side is there.</summary>
    public ValueTask KeepAlive(CancellationToken cancellationToken) => Write(static output => output.Write(" "u8), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _reader.CompleteAsync();
        await _stream.DisposeAsync();
        _socket.Dispose();
        _turn.Dispose();
    }

    private static async Task<ComponentStream> Open(BesideOptions options, CancellationToken cancellationToken)
    {
        var socket = options.Server is UnixDomainSocketEndPoint
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        ComponentStream? opened = null;
        try
        {
            await socket.ConnectAsync(options.Server, cancellationToken);
            Stream stream = new NetworkStream(socket, ownsSocket: false);
            if (options.Tls)
            {
                var secured = new SslStream(stream);
                await secured.AuthenticateAsClientAsync(Trust(options), cancellationToken);
                stream = secured;
            }

            opened = new ComponentStream(socket, stream);
            await opened.Greet(options, cancellationToken);
            return opened;
        }
        catch
        {
            await (opened?.DisposeAsync() ?? default);
            socket.Dispose();
            throw;
        }
    }

    private static SslClientAuthenticationOptions Trust(BesideOptions options)
    {
        var trust = new SslClientAuthenticationOptions { TargetHost = (options.Server as DnsEndPoint)?.Host ?? options.Name };
        if (options.Authorities.Count > 0)
        {
            trust.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            trust.CertificateChainPolicy.CustomTrustStore.AddRange(options.Authorities);
        }

        return trust;
    }

    // XEP-0114 §3: no version; the id is taken as it reads after unescaping.
    private async Task Greet(BesideOptions options, CancellationToken cancellationToken)
    {
        await Write(
            output =>
            {
                output.Write("<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' to='"u8);
                ElementWriter.WriteAttributeValue(output, options.Name);
                output.Write("'>"u8);
            },
            cancellationToken);
        var header = await Next(cancellationToken);
        var id = header is { Kind: StreamEventKind.StreamOpened, Element: { } opened } ? opened["id"] ?? "" : throw new IOException("The server opened no stream.");
        var handshake = new Element("handshake", Accept).Add(Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(id + options.Secret))));
        await Send(handshake, cancellationToken);
        if (await Read(cancellationToken) is not { Name: "handshake" })
        {
            throw new IOException("The server closed the stream behind the handshake.");
        }
    }

    private async ValueTask<StreamEvent> Next(CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await _reader.ReadAsync(cancellationToken);
            var streamEvent = _xml.Read(read.Buffer, out var consumed, out var examined);
            _reader.AdvanceTo(consumed, examined);
            if (streamEvent.Kind != StreamEventKind.NeedMoreData)
            {
                return streamEvent;
            }

            if (read.IsCompleted)
            {
                return new StreamEvent(StreamEventKind.StreamClosed, null, null);
            }
        }
    }

    private async ValueTask Write(Action<IBufferWriter<byte>> write, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            _buffer.ResetWrittenCount();
            write(_buffer);

            // A stanza that is written by half would spoil the stream: whoever gives up waiting does so before.
            await _stream.WriteAsync(_buffer.WrittenMemory, CancellationToken.None);
        }
        finally
        {
            _turn.Release();
        }
    }
}

/// <summary>The server ended the stream, or let none begin.</summary>
/// <param name="condition">The stream error's condition, such as <c>not-authorized</c> (RFC 6120 §4.9.3).</param>
internal sealed class ComponentRefusedException(string condition, string? text) : Exception(text is null ? condition : $"{condition}: {text}")
{
    public string Condition { get; } = condition;

    public static ComponentRefusedException Of(Element error) => new(
        error.FirstOrDefault(child => child.Namespace == Ns.StreamErrors && child.Name != "text")?.Name ?? "undefined-condition",
        error.Child("text", Ns.StreamErrors)?.Text());
}
