using System.Net;
using System.Net.Sockets;

namespace Likeness.Bench.Xmpp.Servers;

/// <summary>Free ports on the loopback address.</summary>
static class Loopback
{
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
