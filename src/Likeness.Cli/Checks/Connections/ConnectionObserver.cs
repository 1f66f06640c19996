using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Likeness.Cli.Checks.Names;
using Likeness.Cli.Federation;

namespace Likeness.Cli.Checks.Connections;

/// <summary>Connects to an address and, for https, looks at the certificate; behind the handshake only servers for other chat servers are asked something.</summary>
internal sealed class ConnectionObserver(Reach reach)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    public Task<ObservedConnection> Observe(string host, IPEndPoint endPoint, bool isSecure, CancellationToken cancellationToken) =>
        Observe(host, null, endPoint, isSecure, cancellationToken);

    /// <summary>A chat server of the domain, at the host that its record names.</summary>
    public Task<ObservedConnection> ObserveChat(string host, string domain, ChatStart start, IPEndPoint endPoint, CancellationToken cancellationToken) =>
        Observe(host, (domain, start), endPoint, true, cancellationToken);

    private async Task<ObservedConnection> Observe(string host, (string Domain, ChatStart Start)? chat, IPEndPoint endPoint, bool isSecure, CancellationToken cancellationToken)
    {
        using var overtime = new CancellationTokenSource(Timeout);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, overtime.Token);
        using var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endPoint, ends.Token);
        }
        catch (SocketException exception)
        {
            return new ObservedConnection(host, endPoint, exception.SocketErrorCode, null) { ChatDomain = chat?.Domain };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ObservedConnection(host, endPoint, SocketError.TimedOut, null) { ChatDomain = chat?.Domain };
        }

        return new ObservedConnection(host, endPoint, null, isSecure ? await Shake(socket, host, chat, cancellationToken, ends.Token) : null) { ChatDomain = chat?.Domain };
    }

    private async Task<ObservedHandshake> Shake(Socket socket, string host, (string Domain, ChatStart Start)? chat, CancellationToken cancellationToken, CancellationToken ends)
    {
        ObservedCertificate? certificate = null;
        await using var plain = new NetworkStream(socket);
        await using var tls = new SslStream(plain);
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = chat?.Domain ?? host,
            ApplicationProtocols = chat switch
            {
                { Start: ChatStart.ClientTls } => [new SslApplicationProtocol("xmpp-client")],
                { Start: ChatStart.ServerTls } => [new SslApplicationProtocol("xmpp-server")],
                _ => null,
            },
            CertificateChainPolicy = ChainPolicy(),
            RemoteCertificateValidationCallback = (_, shown, chain, errors) =>
            {
                certificate = shown is X509Certificate2 full ? Read(full, chain, errors) : null;
                return certificate is not null;
            },
        };
        try
        {
            if (chat is { Start: ChatStart.Client or ChatStart.Server } begun && await StartTls.Ask(plain, begun.Domain, begun.Start == ChatStart.Server, ends) is { } refusal)
            {
                return new ObservedHandshake(refusal, SslProtocols.None, null);
            }

            await tls.AuthenticateAsClientAsync(options, ends);
            return new ObservedHandshake(null, tls.SslProtocol, certificate)
            {
                Keys = chat is { Start: ChatStart.Server or ChatStart.ServerTls } server ? await ServerKeys.Ask(tls, server.Domain, ends) : null,
            };
        }
        catch (Exception exception) when (exception is AuthenticationException or IOException)
        {
            return new ObservedHandshake((exception.InnerException ?? exception).Message, SslProtocols.None, certificate);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ObservedHandshake("the server says nothing.", SslProtocols.None, certificate);
        }
    }

    private X509ChainPolicy ChainPolicy()
    {
        var policy = new X509ChainPolicy { DisableCertificateDownloads = true, RevocationMode = X509RevocationMode.NoCheck };
        if (reach.Authorities.Count > 0)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(reach.Authorities.ToArray());
        }

        return policy;
    }

    private static ObservedCertificate Read(X509Certificate2 certificate, X509Chain? chain, SslPolicyErrors errors) => new(
        [.. certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(names => names.EnumerateDnsNames().Concat(names.EnumerateIPAddresses().Select(address => address.ToString())))],
        new DateTimeOffset(certificate.NotBefore),
        new DateTimeOffset(certificate.NotAfter),
        !errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch),
        certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData),
        [.. (chain?.ChainStatus ?? []).Select(status => status.Status).Where(flag => flag is not (X509ChainStatusFlags.NoError or X509ChainStatusFlags.NotTimeValid)).Distinct()]);
}
