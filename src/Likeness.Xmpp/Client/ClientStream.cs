using System.Buffers;
using System.IO.Pipelines;
using System.Net.Security;
using System.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Likeness.Xmpp.Sasl;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Client;

/// <summary>The client's end of an XML stream: opens it, reads and writes elements. Elements may be written by several at once.</summary>
internal abstract class ClientStream(XmppClientOptions options) : IAsyncDisposable
{
    private readonly SemaphoreSlim _writing = new(1, 1);

    /// <summary>Nobody on the way reads along.</summary>
    public abstract bool IsSecure { get; }

    /// <summary>The data of the channel binding <c>tls-server-end-point</c>; null: there is none.</summary>
    public byte[]? EndPoint { get; protected set; }

    /// <summary>The data of the channel binding <c>tls-exporter</c>; null: there is none.</summary>
    public byte[]? Exporter { get; protected set; }

    /// <summary>When something last came, in ticks of the options' clock.</summary>
    public long Heard { get; protected set; } = options.TimeProvider.GetTimestamp();

    protected XmppClientOptions Options => options;

    /// <summary>What comes before the stream is opened: the handshake of direct TLS or of a WebSocket.</summary>
    public abstract Task Connect(CancellationToken cancellationToken);

    public abstract void AllowLargeStanzas();

    /// <summary>Opens a stream, anew after TLS or SASL, and returns the features.</summary>
    public async Task<Element> Open(CancellationToken cancellationToken)
    {
        await WriteOpening(cancellationToken);
        if ((await Next(cancellationToken)).Kind != StreamEventKind.StreamOpened)
        {
            throw new StreamErrorException("bad-format", "The server sent no stream header.");
        }

        return await ReadFeatures(cancellationToken);
    }

    /// <summary>The features of a stream that is open.</summary>
    public async Task<Element> ReadFeatures(CancellationToken cancellationToken)
    {
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
            throw Ended(condition?.Name ?? "undefined-condition", element.Child("text", Ns.StreamErrors)?.Text(), condition?.Text());
        }

        Heard = options.TimeProvider.GetTimestamp();
        return element;
    }

    public Task Write(Element element, CancellationToken cancellationToken) => WriteInTurn(BytesOf(element), cancellationToken);

    /// <summary>The element as it stands in this stream.</summary>
    public ReadOnlyMemory<byte> BytesOf(Element element)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        Write(buffer, element);
        return buffer.WrittenMemory;
    }

    public async Task WriteInTurn(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            await WriteBytes(bytes, cancellationToken);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Handshakes; what the server sent in plain text behind its consent makes the connection unusable.</summary>
    public abstract Task StartTls(CancellationToken cancellationToken);

    public abstract Task Close(CancellationToken cancellationToken);

    public virtual ValueTask DisposeAsync()
    {
        _writing.Dispose();
        return ValueTask.CompletedTask;
    }

    protected abstract Task WriteOpening(CancellationToken cancellationToken);

    protected abstract Task<StreamEvent> Next(CancellationToken cancellationToken);

    protected abstract void Write(IBufferWriter<byte> output, Element element);

    protected abstract Task WriteBytes(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>The server ended the stream.</summary>
    /// <param name="elsewhere">Where it sends its client instead. Only a server that is known for who it is may do that.</param>
    protected StreamErrorException Ended(string condition, string? text, string? elsewhere) =>
        new(condition, text) { Elsewhere = condition == "see-other-host" && (IsSecure || !options.RequireTls) ? elsewhere?.Trim() : null };

    /// <summary>Why the certificate was not accepted; null: it was, or none was shown.</summary>
    protected string? Fault { get; private set; }

    /// <summary>Judges by the options, and keeps what logins can be bound to.</summary>
    protected bool Judge(object sender, X509Certificate? shown, X509Chain? chain, SslPolicyErrors errors)
    {
        if (shown is null)
        {
            return false;
        }

        using var certificate = X509CertificateLoader.LoadCertificate(shown.GetRawCertData());
        EndPoint = ServerEndPoint.Of(certificate);
        var isAccepted = options.AcceptCertificate?.Invoke(sender, shown, chain, errors) ?? IsTrusted(options, certificate, chain, errors);
        Fault = isAccepted ? null : FaultOf(errors, chain);
        return isAccepted;
    }

    /// <summary>It is that of the host asked for, and from an authority of the machine or of the options.</summary>
    internal static bool IsTrusted(XmppClientOptions options, X509Certificate shown, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors != SslPolicyErrors.RemoteCertificateChainErrors || options.Authorities.Count == 0)
        {
            return errors == SslPolicyErrors.None;
        }

        using var certificate = X509CertificateLoader.LoadCertificate(shown.GetRawCertData());
        using var ours = new X509Chain();
        ours.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        ours.ChainPolicy.DisableCertificateDownloads = true;
        ours.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        ours.ChainPolicy.CustomTrustStore.AddRange(options.Authorities);
        ours.ChainPolicy.ExtraStore.AddRange(chain?.ChainPolicy.ExtraStore ?? []);
        return ours.Build(certificate);
    }

    private static string FaultOf(SslPolicyErrors errors, X509Chain? chain) =>
        errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) ? "The certificate is another domain's."
        : chain?.ChainStatus.Any(status => status.Status.HasFlag(X509ChainStatusFlags.NotTimeValid)) == true ? "The certificate has expired, or is not valid yet."
        : "The certificate is from nobody who is trusted here.";
}

/// <summary>A stream over TCP, with TLS from the beginning or begun later (RFC 6120 §4, §5).</summary>
internal sealed class TcpClientStream(Stream transport, XmppClientOptions options) : ClientStream(options)
{
    private readonly XmlStreamReader _xml = new(options.Limits);
    private PipeReader _input = PipeReader.Create(transport, new StreamPipeReaderOptions(leaveOpen: true));
    private SslStream? _tls;

    public override bool IsSecure => _tls is not null;

    private Stream Transport => _tls ?? transport;

    /// <summary>The handshake comes before the stream.</summary>
    public bool IsDirect { private get; init; }

    public override Task Connect(CancellationToken cancellationToken) => IsDirect ? StartTls(cancellationToken) : Task.CompletedTask;

    public override void AllowLargeStanzas() => _xml.MaxStanzaBytes = Options.Limits.StanzaBytes;

    public override async Task StartTls(CancellationToken cancellationToken)
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
        var tls = new SslStream(transport, leaveInnerStreamOpen: false);
        _tls = tls;
        try
        {
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = ServerFinder.Ascii(Options.Account.Domain),
                    EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                    RemoteCertificateValidationCallback = Judge,
                    ApplicationProtocols = IsDirect ? [new SslApplicationProtocol("xmpp-client")] : null,
                },
                cancellationToken);
        }
        catch (AuthenticationException refused) when (Fault is not null)
        {
            throw new AuthenticationException(Fault, refused);
        }

        Exporter = TlsExporter.Of(tls);
        _input = PipeReader.Create(tls, new StreamPipeReaderOptions(leaveOpen: true));
    }

    public override Task Close(CancellationToken cancellationToken) => WriteInTurn("</stream:stream>"u8.ToArray(), cancellationToken);

    public override async ValueTask DisposeAsync()
    {
        await _input.CompleteAsync();
        await Transport.DisposeAsync();
        await transport.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override Task WriteOpening(CancellationToken cancellationToken)
    {
        _xml.Reset();
        var from = IsSecure ? $" from='{SecurityElement.Escape(Options.Account.BareText)}'" : "";
        var header = $"<?xml version='1.0'?><stream:stream{from} to='{SecurityElement.Escape(Options.Account.Domain)}' version='1.0' xml:lang='en' xmlns='{Ns.Client}' xmlns:stream='{Ns.Streams}'>";
        return WriteInTurn(Encoding.UTF8.GetBytes(header), cancellationToken);
    }

    protected override void Write(IBufferWriter<byte> output, Element element) => ElementWriter.Write(output, element, Ns.Client);

    protected override async Task WriteBytes(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await Transport.WriteAsync(bytes, cancellationToken);
        await Transport.FlushAsync(cancellationToken);
    }

    protected override async Task<StreamEvent> Next(CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await _input.ReadAsync(cancellationToken);
            Heard = Options.TimeProvider.GetTimestamp();
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
}
