using System.Net;
using System.Net.Sockets;

namespace Likeness.Libravatar.Fetching;

/// <summary>Looks a host up once, drops the addresses that may not be dialled, and connects to exactly those that are left: an answer that changes afterwards changes nothing.</summary>
internal sealed class Dialler(SafeFetchOptions options, TimeProvider time)
{
    private const int MaxAddresses = 6;

    /// <summary>RFC 8305 §8: how long one attempt is alone before the next starts.</summary>
    private static readonly TimeSpan HeadStart = TimeSpan.FromMilliseconds(250);

    public async ValueTask<Stream> Connect(DnsEndPoint target, CancellationToken cancellationToken)
    {
        var addresses = IPAddress.TryParse(target.Host, out var literal)
            ? [literal]
            : await options.Resolve(target.Host, cancellationToken);
        if (addresses.Length == 0)
        {
            throw new SocketException((int)SocketError.HostNotFound);
        }

        // The operator named the proxy: it may be anywhere, and what lies behind it is judged before it is asked.
        var isProxy = options.Proxy is { } proxy && proxy.IdnHost == target.Host && proxy.Port == target.Port;
        IPEndPoint[] allowed = [.. InTurn(addresses.Select(Unmapped).Distinct().Where(address => isProxy || options.MayConnect(address))).Take(MaxAddresses).Select(address => new IPEndPoint(address, target.Port))];
        return allowed.Length == 0
            ? throw new AddressRefusedException()
            : new NetworkStream(await Staggered.First(allowed, Attempt, HeadStart, time, cancellationToken), ownsSocket: true);
    }

    private static IPAddress Unmapped(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <summary>The families take turns, the first answer's family first (RFC 8305 §4).</summary>
    private static IEnumerable<IPAddress> InTurn(IEnumerable<IPAddress> addresses) =>
        addresses.GroupBy(address => address.AddressFamily)
            .SelectMany(family => family.Select((address, turn) => (address, turn)))
            .OrderBy(entry => entry.turn)
            .Select(entry => entry.address);

    private static async Task<Socket> Attempt(IPEndPoint endPoint, CancellationToken cancellationToken)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endPoint, cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
