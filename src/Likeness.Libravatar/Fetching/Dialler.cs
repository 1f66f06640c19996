using System.Net;
using System.Net.Sockets;

namespace Likeness.Libravatar.Fetching;

/// <summary>Looks a host up once, drops the addresses that may not be dialled, and connects to exactly those that are left: an answer that changes afterwards changes nothing.</summary>
internal sealed class Dialler(SafeFetchOptions options, TimeProvider time)
{
    private const int MostAddresses = 6;

    /// <summary>RFC 8305 §8: how long one attempt is alone before the next starts.</summary>
    private static readonly TimeSpan HeadStart = TimeSpan.FromMilliseconds(250);

    public async ValueTask<Stream> Connect(DnsEndPoint target, CancellationToken cancellation)
    {
        var addresses = IPAddress.TryParse(target.Host, out var literal)
            ? [literal]
            : await options.Resolve(target.Host, cancellation);
        if (addresses.Length == 0)
        {
            throw new SocketException((int)SocketError.HostNotFound);
        }

        IPEndPoint[] allowed = [.. InTurn(addresses.Select(Unmapped).Distinct().Where(options.MayConnect)).Take(MostAddresses).Select(address => new IPEndPoint(address, target.Port))];
        return allowed.Length == 0
            ? throw new AddressRefusedException()
            : new NetworkStream(await Race(allowed, cancellation), ownsSocket: true);
    }

    private static IPAddress Unmapped(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <summary>The families take turns, the first answer's family first (RFC 8305 §4, L-8A).</summary>
    private static IEnumerable<IPAddress> InTurn(IEnumerable<IPAddress> addresses) =>
        addresses.GroupBy(address => address.AddressFamily)
            .SelectMany(family => family.Select((address, turn) => (address, turn)))
            .OrderBy(entry => entry.turn)
            .Select(entry => entry.address);

    /// <summary>The first socket that connects; each attempt gets a head start, a failed one ends it.</summary>
    private async Task<Socket> Race(IPEndPoint[] endPoints, CancellationToken cancellation)
    {
        using var won = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var running = new List<Task<Socket>>();
        try
        {
            Exception? failure = null;
            for (var next = 0; next < endPoints.Length || running.Count > 0;)
            {
                if (next < endPoints.Length)
                {
                    running.Add(Attempt(endPoints[next++], won.Token));
                }

                var ended = await FirstEnded(running, isLast: next == endPoints.Length, won.Token);
                if (ended is { IsCompletedSuccessfully: true })
                {
                    running.Remove(ended);
                    return await ended;
                }

                if (ended is not null)
                {
                    running.Remove(ended);
                    failure = ended.Exception?.InnerException;
                }
            }

            throw failure ?? new SocketException((int)SocketError.HostUnreachable);
        }
        finally
        {
            await won.CancelAsync();
            foreach (var late in running)
            {
                _ = late.ContinueWith(static task => Discard(task), TaskScheduler.Default);
            }
        }
    }

    /// <summary>Null when the head start is over first.</summary>
    private async Task<Task<Socket>?> FirstEnded(List<Task<Socket>> running, bool isLast, CancellationToken cancellation)
    {
        try
        {
            return await Task.WhenAny(running).WaitAsync(isLast ? Timeout.InfiniteTimeSpan : HeadStart, time, cancellation);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    private static async Task<Socket> Attempt(IPEndPoint endPoint, CancellationToken cancellation)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endPoint, cancellation);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static void Discard(Task<Socket> task)
    {
        if (task.IsCompletedSuccessfully)
        {
            task.Result.Dispose();
        }
        else
        {
            // Read, or it is reported as unobserved.
            _ = task.Exception;
        }
    }
}
