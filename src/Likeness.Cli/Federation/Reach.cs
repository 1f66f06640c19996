using System.Net;
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

    private static async Task<IReadOnlyList<IPAddress>> OfSystem(string host, CancellationToken cancellationToken)
    {
        try
        {
            return await System.Net.Dns.GetHostAddressesAsync(host, cancellationToken);
        }
        catch (System.Net.Sockets.SocketException)
        {
            return [];
        }
    }
}
