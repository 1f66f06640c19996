using System.Buffers;
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
    }

    public SslStream Tls { get; }

    /// <summary>The certificate shown to the peer, for channel binding (C-46).</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>Some clients end <c>starttls</c> with a line break that arrives after it; no TLS record begins with white space.</summary>
    public static async Task DropSpace(StreamInput input, TcpStream stream, CancellationToken cancellationToken)
    {
        await using var waiting = cancellationToken.UnsafeRegister(static input => ((StreamInput)input!).CancelPendingRead(), input);
        while (true)
        {
            var read = await input.ReadAsync();
            var rest = StreamFrame.WithoutLeadingSpace(read.Buffer).ToArray();
            input.AdvanceTo(read.Buffer.End);
            if (rest.Length > 0 || read.IsCompleted || read.IsCanceled)
            {
                stream.PutBack(rest);
                return;
            }
        }
    }

    /// <param name="certificates">Chooses by server name; a null name asks for the stream's domain.</param>
    /// <param name="domain">Used when the peer sends no server name.</param>
    /// <param name="isDirect">Direct TLS (XEP-0368 §2): a peer that names application protocols must name ours.</param>
    public static async Task<SecuredTransport> Accept(
        Stream transport,
        Func<string?, SslStreamCertificateContext> certificates,
        string domain,
        bool isDirect,
        CancellationToken cancellationToken)
    {
        var tls = new SslStream(transport, leaveInnerStreamOpen: true);
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

    public ValueTask DisposeAsync() => Tls.DisposeAsync();
}
