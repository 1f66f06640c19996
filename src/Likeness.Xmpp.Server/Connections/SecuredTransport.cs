using System.Buffers;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Likeness.Xmpp.Server.Connections;

/// <summary>TLS between a stream and its transport, after STARTTLS or from the first byte.</summary>
internal sealed class SecuredTransport : IAsyncDisposable
{
    private static readonly List<SslApplicationProtocol> ClientProtocol = [new("xmpp-client")];
    private static readonly List<SslApplicationProtocol> ServerProtocol = [new("xmpp-server")];

    private SecuredTransport(SslStream tls, X509Certificate2 certificate, PeerCertificate? peer)
    {
        Tls = tls;
        Certificate = certificate;
        Peer = peer;
    }

    public SslStream Tls { get; }

    /// <summary>The certificate shown to the peer, for channel binding.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>The certificate that another server showed to us; null: none, or nobody asked for it.</summary>
    public PeerCertificate? Peer { get; }

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
    /// <param name="isPeer">The peer is a server: it is asked for its certificate, which is judged later and ends no handshake (XEP-0178 §3).</param>
    public static async Task<SecuredTransport> Accept(
        Stream transport,
        Func<string?, SslStreamCertificateContext> certificates,
        string domain,
        bool isDirect,
        CancellationToken cancellationToken,
        bool isPeer = false)
    {
        var greeting = new Greeting(certificates, domain, isDirect, isPeer);
        return await Shake(
            transport,
            tls => tls.AuthenticateAsServerAsync(static (_, hello, greeting, _) => new(((Greeting)greeting!).Answer(hello.ServerName)), greeting, cancellationToken),
            tls => new SecuredTransport(tls, greeting.Shown!.TargetCertificate, greeting.Peer));
    }

    /// <summary>We are the client of another server; whatever certificate it shows is judged later.</summary>
    /// <param name="domain">The peer's, in A-labels.</param>
    public static Task<SecuredTransport> Connect(Stream transport, SslStreamCertificateContext shown, string domain, bool isDirect, CancellationToken cancellationToken)
    {
        PeerCertificate? peer = null;
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = domain,
            ClientCertificateContext = shown,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            CertificateChainPolicy = PeerCertificate.Unbuilt(),
            ApplicationProtocols = isDirect ? ServerProtocol : null,
            RemoteCertificateValidationCallback = (_, certificate, chain, _) => PeerCertificate.Take(certificate, chain, out peer),
        };
        return Shake(transport, tls => tls.AuthenticateAsClientAsync(options, cancellationToken), tls => new SecuredTransport(tls, shown.TargetCertificate, peer));
    }

    private static async Task<SecuredTransport> Shake(Stream transport, Func<SslStream, Task> shake, Func<SslStream, SecuredTransport> secured)
    {
        var tls = new SslStream(transport, leaveInnerStreamOpen: true);
        try
        {
            await shake(tls);
            return secured(tls);
        }
        catch
        {
            await tls.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => Tls.DisposeAsync();

    /// <summary>How a handshake is answered. The stream keeps it for as long as it lives: nothing of the handshake itself, such as its time limit, may hang on it.</summary>
    private sealed class Greeting(Func<string?, SslStreamCertificateContext> certificates, string domain, bool isDirect, bool isPeer)
    {
        private PeerCertificate? _peer;

        public SslStreamCertificateContext? Shown { get; private set; }

        public PeerCertificate? Peer => _peer;

        public SslServerAuthenticationOptions Answer(string name)
        {
            Shown = certificates(string.IsNullOrEmpty(name) ? domain : name);
            var options = new SslServerAuthenticationOptions
            {
                ServerCertificateContext = Shown,
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                ApplicationProtocols = !isDirect ? null : isPeer ? ServerProtocol : ClientProtocol,
            };
            if (isPeer)
            {
                options.ClientCertificateRequired = true;
                options.CertificateChainPolicy = PeerCertificate.Unbuilt();
                options.RemoteCertificateValidationCallback = (_, certificate, chain, _) => PeerCertificate.Take(certificate, chain, out _peer);
            }

            return options;
        }
    }
}
