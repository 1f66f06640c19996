using System.Net;
using System.Net.Sockets;

namespace Likeness.Libravatar.Fetching;

/// <summary>Tells addresses of the public Internet from those that lead back into the own network. Source: the IANA special-purpose address registries.</summary>
public static class PublicAddress
{
    private static readonly IPNetwork[] SpecialV4 =
    [
        IPNetwork.Parse("0.0.0.0/8"), // this network, unspecified
        IPNetwork.Parse("10.0.0.0/8"), // private, RFC 1918
        IPNetwork.Parse("100.64.0.0/10"), // behind a carrier's NAT, RFC 6598
        IPNetwork.Parse("127.0.0.0/8"), // loopback
        IPNetwork.Parse("169.254.0.0/16"), // link-local, metadata services
        IPNetwork.Parse("172.16.0.0/12"), // private
        IPNetwork.Parse("192.0.0.0/24"), // protocol assignments
        IPNetwork.Parse("192.0.2.0/24"), // documentation
        IPNetwork.Parse("192.88.99.0/24"), // 6to4 relays, deprecated
        IPNetwork.Parse("192.168.0.0/16"), // private
        IPNetwork.Parse("198.18.0.0/15"), // benchmarks
        IPNetwork.Parse("198.51.100.0/24"), // documentation
        IPNetwork.Parse("203.0.113.0/24"), // documentation
        IPNetwork.Parse("224.0.0.0/4"), // multicast
        IPNetwork.Parse("240.0.0.0/4"), // reserved, broadcast
    ];

    /// <summary>Global unicast; loopback, unique local, link-local, site-local, multicast, IPv4-compatible and local NAT64 lie outside.</summary>
    private static readonly IPNetwork GlobalV6 = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork[] SpecialV6 =
    [
        IPNetwork.Parse("2001::/23"), // protocol assignments: Teredo, benchmarks, ORCHID
        IPNetwork.Parse("2001:db8::/32"), // documentation
        IPNetwork.Parse("2002::/16"), // 6to4, deprecated, carries any IPv4 address
        IPNetwork.Parse("3fff::/20"), // documentation, RFC 9637
    ];

    /// <summary>The well-known NAT64 prefix (RFC 6052): its last 32 bits are the IPv4 address that is reached.</summary>
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");

    /// <summary>True only for global unicast addresses; one that embeds an IPv4 address (mapped, NAT64) is judged by that.</summary>
    public static bool IsPublic(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return !IsIn(SpecialV4, address);
        }

        if (Nat64.Contains(address))
        {
            return !IsIn(SpecialV4, new IPAddress(address.GetAddressBytes().AsSpan(12)));
        }

        return GlobalV6.Contains(address) && !IsIn(SpecialV6, address);
    }

    private static bool IsIn(IPNetwork[] networks, IPAddress address) =>
        Array.Exists(networks, network => network.Contains(address));
}
