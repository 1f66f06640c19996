using System.Buffers;
using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Likeness.Xmpp.Server.Connections;

/// <summary>TLS between a stream and its transport, after STARTTLS or from the first byte (C-2, C-4, C-5).</summary>
internal sealed class SecuredTransport : IAsyncDisposable
{
    private const int LargestRecord = 16 * 1024;
    private readonly SslStream _tls;
    private readonly Pipe _outgoing = new(new PipeOptions(useSynchronizationContext: false));
    private readonly Task _pump;

    private SecuredTransport(SslStream tls, X509Certificate2 certificate)
    {
        _tls = tls;
        Certificate = certificate;
        Input = PipeReader.Create(tls, new StreamPipeReaderOptions(leaveOpen: true, useZeroByteReads: true));
        _pump = Pump();
    }

    /// <summary>The certificate shown to the peer, for channel binding (C-46).</summary>
    public X509Certificate2 Certificate { get; }

    public PipeReader Input { get; }

    public PipeWriter Output => _outgoing.Writer;

    /// <param name="certificates">Chooses by server name; a null name asks for the stream's domain.</param>
    /// <param name="domain">Used when the peer sends no server name.</param>
    public static async Task<SecuredTransport> Accept(
        IDuplexPipe transport,
        Func<string?, SslStreamCertificateContext> certificates,
        string domain,
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

        OpenSslBuffers.ReleaseWhenQuiet(tls);
        return new SecuredTransport(tls, shown!.TargetCertificate);
    }

    public async ValueTask DisposeAsync()
    {
        await _outgoing.Writer.CompleteAsync();
        await _pump;
        await Input.CompleteAsync();
        await _tls.DisposeAsync();
    }

    private async Task Pump()
    {
        var reader = _outgoing.Reader;
        try
        {
            while (true)
            {
                var result = await reader.ReadAsync();
                await Send(result.Buffer);
                reader.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                {
                    await _tls.ShutdownAsync();
                    break;
                }
            }
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException or OperationCanceledException)
        {
            // The transport is gone; the reading side notices and ends the stream.
        }

        await reader.CompleteAsync();
    }

    // What gathered in several pieces leaves in as few TLS records as it fits.
    private async ValueTask Send(ReadOnlySequence<byte> outgoing)
    {
        if (outgoing.IsSingleSegment)
        {
            await _tls.WriteAsync(outgoing.First);
            return;
        }

        var record = ArrayPool<byte>.Shared.Rent(LargestRecord);
        try
        {
            while (!outgoing.IsEmpty)
            {
                var part = outgoing.Slice(0, Math.Min(LargestRecord, outgoing.Length));
                part.CopyTo(record);
                await _tls.WriteAsync(record.AsMemory(0, (int)part.Length));
                outgoing = outgoing.Slice(part.End);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(record);
        }
    }
}
