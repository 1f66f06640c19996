using System.Net;
using System.Net.Sockets;

namespace Likeness.Interop.Tests.Hosting;

/// <summary>
/// Ports for programs that have to be told one. They lie below those that the system gives to outgoing connections (32768 on Linux): one of those
/// may be taken by anybody's connection before the program listens. None is given twice.
/// </summary>
internal static class FreePort
{
    private const int First = 20_000;
    private const int Count = 12_000;
    private static int _last = Random.Shared.Next(Count);

    /// <summary>On loopback, free for TCP and UDP.</summary>
    public static IPEndPoint Next()
    {
        while (true)
        {
            var endpoint = new IPEndPoint(IPAddress.Loopback, First + (int)((uint)Interlocked.Increment(ref _last) % Count));
            using var stream = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            using var datagrams = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            try
            {
                stream.Bind(endpoint);
                datagrams.Bind(endpoint);
                return endpoint;
            }
            catch (SocketException)
            {
                // Somebody else's.
            }
        }
    }
}
