using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Likeness.Libravatar.Fetching;

/// <summary>An HTTP client that adds nothing of its own and goes nowhere by itself.</summary>
internal static class FetchHandler
{
    public static SocketsHttpHandler Create(SafeFetchOptions options, TimeProvider time)
    {
        var dialler = new Dialler(options, time);
        var proxy = WebProxies.Of(options.Proxy);
        return new SocketsHttpHandler
        {
            ConnectCallback = (context, cancellationToken) => dialler.Connect(context.DnsEndPoint, cancellationToken),
            ConnectTimeout = options.Timeout,
            UseProxy = proxy is not null,
            Proxy = proxy,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            Credentials = null,
            PreAuthenticate = false,
            ActivityHeadersPropagator = null,
            MaxResponseHeadersLength = options.MaxHeaderKilobytes,
            MaxResponseDrainSize = 0,
            MaxConnectionsPerServer = options.MaxConnectionsPerServer,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(15),
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = ChainPolicy(options.Authorities()) },
        };
    }

    private static X509ChainPolicy ChainPolicy(X509Certificate2Collection authorities)
    {
        // A certificate may name URLs of its issuer and revocation lists: fetching those would go round every rule here.
        var policy = new X509ChainPolicy { DisableCertificateDownloads = true, RevocationMode = X509RevocationMode.NoCheck };
        if (authorities.Count > 0)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(authorities);
        }

        return policy;
    }
}
