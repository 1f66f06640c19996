using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Likeness.Xmpp.Server.Connections;

/// <summary>What only the socket below a connection knows.</summary>
internal static class TcpSocket
{
    private const int KeepAliveSeconds = 300;
    private const int KeepAliveInterval = 30;
    private const int KeepAliveProbes = 4;
    private const int Tcp = 6;
    private const int LinuxTcpInfo = 11;
    private const int LinuxBytesAcked = 120;

    /// <summary>The system notices a peer that vanished without a word, and keeps the tables of routers on the way warm (RFC 6120 §4.6.1).</summary>
    public static void KeepAlive(ConnectionContext connection)
    {
        if (SocketOf(connection) is not { } socket)
        {
            return;
        }

        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, KeepAliveSeconds);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, KeepAliveInterval);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, KeepAliveProbes);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // A peer that has hung up already; a system without these options does without.
        }
    }

    /// <summary>Bytes the peer's system has acknowledged so far; 0 where the system does not tell.</summary>
    public static long BytesTaken(ConnectionContext connection)
    {
        if (!OperatingSystem.IsLinux() || SocketOf(connection) is not { } socket)
        {
            return 0;
        }

        Span<byte> info = stackalloc byte[LinuxBytesAcked + sizeof(long)];
        try
        {
            return socket.GetRawSocketOption(Tcp, LinuxTcpInfo, info) == info.Length
                ? BitConverter.ToInt64(info[LinuxBytesAcked..])
                : 0;
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            return 0;
        }
    }

    private static Socket? SocketOf(ConnectionContext connection) => connection.Features.Get<IConnectionSocketFeature>()?.Socket;
}
