using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Likeness.Libravatar;
using Likeness.Libravatar.Discovery;
using Likeness.Libravatar.Fetching;
using Likeness.Libravatar.Resolving;

namespace Likeness.Cli.Federation;

/// <summary>Whom a command asks for names, and where it may go.</summary>
/// <param name="Dns">The resolver that was named; null: the system's.</param>
/// <param name="AllowsPrivate">Loopback and private networks may be dialled too.</param>
/// <param name="AuthoritiesFile">PEM file with certificate authorities to trust instead of the machine's; null: the machine's.</param>
/// <param name="Authorities">What is in it.</param>
internal sealed record Reach(IPEndPoint? Dns, bool AllowsPrivate, string? AuthoritiesFile, IReadOnlyList<X509Certificate2> Authorities)
{
    /// <summary>Names that only a resolver of one's own can know; asked for when one was named.</summary>
    private static readonly string[] LocalDomains = ["test", "example", "invalid", "localhost", "local", "internal", "home.arpa", "onion", "alt"];

    /// <summary>A person waits for the answer: longer than a page would.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    public DnsResolverOptions Resolver => new() { Servers = Dns is null ? [] : [Dns.ToString()] };

    public DiscoveryOptions Discovery => new() { Resolver = Resolver, Timeout = Timeout, AskedSpecialDomains = Dns is null ? [] : LocalDomains };

    public bool MayConnect(IPAddress address) => AllowsPrivate || PublicAddress.IsPublic(address);

    /// <summary>A host's addresses, from the named resolver or the operating system; none when nobody knows it.</summary>
    public async Task<IReadOnlyList<IPAddress>> AddressesOf(string host, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host, out var literal))
        {
            return [literal];
        }

        if (Dns is null)
        {
            return await OfSystem(host, cancellationToken);
        }

        using var resolver = new DnsResolver(Resolver);
        return (await HostAddresses.Ask(resolver, host, cancellationToken)).Addresses;
    }

    /// <summary>A connection to the first of a host's addresses that takes one and may be gone to. Throws <see cref="IOException"/> or <see cref="SocketException"/>.</summary>
    /// <param name="ownHost">May be anywhere, because a person named it; empty: no host.</param>
    public async ValueTask<Stream> Connect(DnsEndPoint target, CancellationToken cancellationToken, string ownHost = "")
    {
        // An IPv6 address comes in its brackets.
        var host = target.Host.Trim('[', ']');
        var addresses = await AddressesOf(host, cancellationToken);
        var allowed = addresses.Where(address => host == ownHost || MayConnect(address)).ToList();
        Exception failure = new IOException(addresses.Count == 0 ? $"{host} has no address" : $"{host} has private addresses only (--allow-private)");
        foreach (var address in allowed)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, target.Port), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException exception)
            {
                socket.Dispose();
                failure = exception;
            }
        }

        throw failure;
    }

    public AvatarClientOptions Client(SchemePolicy scheme)
    {
        var options = new AvatarClientOptions { Scheme = scheme, Discovery = Discovery };
        return options with
        {
            Fetch = options.Fetch with
            {
                Timeout = TimeSpan.FromSeconds(10),
                MayConnect = MayConnect,
                MayUsePort = port => AllowsPrivate || options.Fetch.MayUsePort(port),
                Resolve = async (host, cancellationToken) => [.. await AddressesOf(host, cancellationToken)],
                AuthoritiesFile = AuthoritiesFile,
            },
        };
    }

    /// <summary>Asks web servers as a browser would, certificates included; follows redirects, and goes nowhere that this does not.</summary>
    /// <param name="largestBody">Bytes.</param>
    /// <param name="ownHost">May be anywhere; empty: no host.</param>
    public HttpClient Web(TimeSpan timeout, int largestBody, string ownHost = "") => new(new SocketsHttpHandler
    {
        ConnectCallback = (context, cancellationToken) => Connect(context.DnsEndPoint, cancellationToken, ownHost),
        ConnectTimeout = timeout,
        MaxAutomaticRedirections = 5,
        UseProxy = false,
        UseCookies = false,
        SslOptions = Authorities.Count == 0 ? new() : new SslClientAuthenticationOptions { CertificateChainPolicy = Trusting(Authorities) },
    })
    {
        Timeout = timeout,
        MaxResponseContentBufferSize = largestBody,
    };

    private static X509ChainPolicy Trusting(IReadOnlyList<X509Certificate2> authorities)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(authorities.ToArray());
        return policy;
    }

    private static async Task<IReadOnlyList<IPAddress>> OfSystem(string host, CancellationToken cancellationToken)
    {
        try
        {
            return await System.Net.Dns.GetHostAddressesAsync(host, cancellationToken);
        }
        catch (SocketException)
        {
            return [];
        }
    }
}
