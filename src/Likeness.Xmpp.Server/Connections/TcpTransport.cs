using System.Collections;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Likeness.Xmpp.Server.Connections;

/// <summary>
/// Sockets for chat streams. A web connection is short and busy; a chat session is quiet for hours and there are very many, so a connection
/// here is a socket and next to nothing else: no pipes, no buffer while it waits, and what is sent goes straight to the system.
/// </summary>
/// <param name="bind">Makes the socket that is listened on.</param>
public sealed class TcpTransport(Func<EndPoint, Socket> bind) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private const int Backlog = 512;
    private const int KeepAliveSeconds = 300;
    private const int KeepAliveInterval = 30;
    private const int KeepAliveProbes = 4;

    /// <summary>Endpoints of the web are another transport's.</summary>
    public bool CanBind(EndPoint endpoint) => endpoint is StreamEndPoint;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var socket = bind(endpoint);
        Prepare(socket);
        socket.Listen(Backlog);
        return new(new Listener(socket));
    }

    // What is accepted inherits it. The system then notices a peer that vanished without a word, and keeps the tables of routers on the way warm (RFC 6120 §4.6.1).
    internal static void Prepare(Socket socket)
    {
        try
        {
            socket.NoDelay = true;
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, KeepAliveSeconds);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, KeepAliveInterval);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, KeepAliveProbes);
        }
        catch (SocketException)
        {
            // A system without these options does without.
        }
    }

    private sealed class Listener(Socket socket) : IConnectionListener
    {
        private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

        public EndPoint EndPoint { get; } = socket.LocalEndPoint!;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            while (true)
            {
                try
                {
                    return Take(await socket.AcceptAsync(cancellationToken));
                }
                catch (Exception ended) when (ended is ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted or SocketError.Interrupted })
                {
                    return null;
                }
                catch (SocketException full) when (full.SocketErrorCode is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable)
                {
                    await Task.Delay(Pause, cancellationToken);
                }
                catch (SocketException)
                {
                    // Reset while it waited to be accepted: the next one.
                }
            }
        }

        // One that cannot be watched is not left open.
        private static TcpConnection Take(Socket accepted)
        {
            try
            {
                return new TcpConnection(accepted);
            }
            catch (SocketException)
            {
                accepted.Dispose();
                throw;
            }
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => DisposeAsync();

        public ValueTask DisposeAsync()
        {
            socket.Dispose();
            return default;
        }
    }
}

/// <summary>Where chat streams are listened for. A type of its own: with port 0 a web endpoint would be equal to it.</summary>
public sealed class StreamEndPoint(IPEndPoint endpoint) : IPEndPoint(endpoint.Address, endpoint.Port);

/// <summary>What carries a stream.</summary>
internal interface IStreamTransport
{
    Stream Stream { get; }

    /// <summary>Where the client is, as far as it is known.</summary>
    IPAddress? Address { get; }

    /// <summary>TLS begins inside the stream; false: it is outside of it already, if anywhere.</summary>
    bool StartsTls { get; }

    /// <summary>Shown to the client before the stream began, for channel binding; null: none, or not known.</summary>
    X509Certificate2? Certificate { get; }

    /// <summary>Bytes the peer's system has taken so far; 0 where nobody can tell.</summary>
    long BytesTaken();

    /// <summary>Cut off: what was not sent is not sent any more, reads and writes fail.</summary>
    void Abort();
}

/// <summary>One accepted socket. The features are a list of the few that the web server below hangs on a connection.</summary>
#pragma warning disable CA1711 // "Collection" is the interface's word.
internal sealed class TcpConnection(Socket socket) : ConnectionContext, IFeatureCollection, IStreamTransport
#pragma warning restore CA1711
{
    private const int Tcp = 6;
    private const int LinuxTcpInfo = 11;
    private const int LinuxBytesAcked = 120;
    private KeyValuePair<Type, object>[] _features = [];
    private string? _id;

    public TcpStream Stream { get; } = new(socket);

    Stream IStreamTransport.Stream => Stream;

    public IPAddress? Address => (RemoteEndPoint as IPEndPoint)?.Address;

    public bool StartsTls => true;

    public X509Certificate2? Certificate => null;

    public override EndPoint? RemoteEndPoint { get; set; } = Remote(socket);

    public override EndPoint? LocalEndPoint
    {
        get => socket.LocalEndPoint;
        set => throw new NotSupportedException();
    }

    public override string ConnectionId
    {
        get => _id ??= StanzaId.New();
        set => _id = value;
    }

    public override IFeatureCollection Features => this;

    public override IDictionary<object, object?> Items { get; set; } = System.Collections.Immutable.ImmutableDictionary<object, object?>.Empty;

    public override System.IO.Pipelines.IDuplexPipe Transport
    {
        get => throw new NotSupportedException("A chat connection is a stream.");
        set => throw new NotSupportedException("A chat connection is a stream.");
    }

    bool IFeatureCollection.IsReadOnly => false;

    int IFeatureCollection.Revision => 0;

    object? IFeatureCollection.this[Type key]
    {
        get => Array.Find(_features, feature => feature.Key == key).Value;
        set => _features = [.. _features.Where(feature => feature.Key != key), .. value is null ? [] : new[] { KeyValuePair.Create(key, value) }];
    }

    TFeature? IFeatureCollection.Get<TFeature>()
        where TFeature : default => (TFeature?)((IFeatureCollection)this)[typeof(TFeature)];

    void IFeatureCollection.Set<TFeature>(TFeature? instance)
        where TFeature : default => ((IFeatureCollection)this)[typeof(TFeature)] = instance;

    public long BytesTaken()
    {
        if (!OperatingSystem.IsLinux())
        {
            return 0;
        }

        Span<byte> info = stackalloc byte[LinuxBytesAcked + sizeof(long)];
        try
        {
            return socket.GetRawSocketOption(Tcp, LinuxTcpInfo, info) == info.Length ? BitConverter.ToInt64(info[LinuxBytesAcked..]) : 0;
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            return 0;
        }
    }

    public override void Abort()
    {
        Stream.Close();
        socket.Close(timeout: 0);
    }

    public override void Abort(ConnectionAbortedException abortReason) => Abort();

    public override ValueTask DisposeAsync()
    {
        // A socket that is closed while a read waits resets the connection, unless it was shut down before. Mostly none waits, and a system call is saved.
        if (Stream.IsReading)
        {
            try
            {
                socket.Shutdown(SocketShutdown.Both);
            }
            catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
            {
                // The peer was faster.
            }
        }

        Stream.Close();
        socket.Dispose();
        return base.DisposeAsync();
    }

    public IEnumerator<KeyValuePair<Type, object>> GetEnumerator() => _features.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static EndPoint? Remote(Socket socket)
    {
        try
        {
            return socket.RemoteEndPoint;
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
