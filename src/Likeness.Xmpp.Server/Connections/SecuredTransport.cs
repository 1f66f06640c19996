using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Likeness.Xmpp.Server.Connections;

/// <summary>TLS between a stream and its transport, after STARTTLS or from the first byte.</summary>
internal sealed class SecuredTransport : IAsyncDisposable
{
    private static readonly List<SslApplicationProtocol> ClientProtocol = [new("xmpp-client")];

    private SecuredTransport(SslStream tls, X509Certificate2 certificate)
    {
        Tls = tls;
        Certificate = certificate;
        Input = PipeReader.Create(tls, new StreamPipeReaderOptions(leaveOpen: true, useZeroByteReads: true));
    }

    public SslStream Tls { get; }

    /// <summary>The certificate shown to the peer, for channel binding (C-46).</summary>
    public X509Certificate2 Certificate { get; }

    public PipeReader Input { get; }

    /// <param name="certificates">Chooses by server name; a null name asks for the stream's domain.</param>
    /// <param name="domain">Used when the peer sends no server name.</param>
    /// <param name="isDirect">Direct TLS (XEP-0368 §2): a peer that names application protocols must name ours.</param>
    public static async Task<SecuredTransport> Accept(
        IDuplexPipe transport,
        Func<string?, SslStreamCertificateContext> certificates,
        string domain,
        bool isDirect,
        CancellationToken cancellationToken)
    {
        var tls = new SslStream(new DuplexPipeStream(transport.Input, transport.Output), leaveInnerStreamOpen: true);
        SslStreamCertificateContext? shown = null;
        try
        {
            await tls.AuthenticateAsServerAsync(
                (_, hello, _, _) =>
                {
                    shown = certificates(string.IsNullOrEmpty(hello.ServerName) ? domain : hello.ServerName);
                    return new(new SslServerAuthenticationOptions
                    {
                        ServerCertificateContext = shown,
                        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                        ApplicationProtocols = isDirect ? ClientProtocol : null,
                    });
                },
                state: null,
                cancellationToken);
        }
        catch
        {
            await tls.DisposeAsync();
            throw;
        }

        return new SecuredTransport(tls, shown!.TargetCertificate);
    }

    public async ValueTask DisposeAsync()
    {
        await Input.CompleteAsync();
        await Tls.DisposeAsync();
    }
}

/// <summary>A transport's two pipes as the one stream that <see cref="SslStream"/> wants.</summary>
internal sealed class DuplexPipeStream(PipeReader input, PipeWriter output) : Stream
{
    private readonly Stream _input = input.AsStream(leaveOpen: true);

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _input.ReadAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        _input.ReadAsync(buffer, offset, count, cancellationToken);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var written = output.WriteAsync(buffer, cancellationToken);
        return written.IsCompletedSuccessfully ? Taken(written.Result) : Slow(written);

        static async ValueTask Slow(ValueTask<FlushResult> written) => await Taken(await written);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Reads are asynchronous.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Writes are asynchronous.");

    public override void Flush()
    {
        // SslStream flushes synchronously when it is disposed; what was written went to the pipe already.
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    // A pipe whose reader has gone takes everything and says so only here.
    private static ValueTask Taken(FlushResult result) =>
        result.IsCompleted ? ValueTask.FromException(new IOException("The connection is gone.")) : default;
}
