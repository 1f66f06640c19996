using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Likeness.Libravatar.Tests.Resolving;

/// <summary>A resolver on loopback that answers by UDP and TCP exactly what a test wants, or nothing.</summary>
internal sealed class StandInResolver : IAsyncDisposable
{
    private readonly Func<DnsAsked, Task<byte[][]>> _answer;
    private readonly CancellationTokenSource _end = new();
    private readonly TcpListener _stream;
    private readonly Socket _datagrams;
    private readonly Task _serving;

    public StandInResolver(Func<DnsAsked, Task<byte[][]>> answer, IPAddress? at = null)
    {
        _answer = answer;
        (_stream, _datagrams) = Bind(at ?? IPAddress.Loopback);
        _serving = Task.WhenAll(ServeDatagrams(), ServeStreams());
    }

    public StandInResolver(Func<DnsAsked, byte[][]> answer, IPAddress? at = null)
        : this(asked => Task.FromResult(answer(asked)), at)
    {
    }

    public IPEndPoint EndPoint => (IPEndPoint)_stream.LocalEndpoint;

    public ConcurrentQueue<DnsAsked> Asked { get; } = new();

    /// <summary>Counts up with each question that has arrived.</summary>
    public SemaphoreSlim Heard { get; } = new(0);

    /// <summary>One that hears everything and says nothing.</summary>
    public static StandInResolver Silent() => new(_ => []);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _serving;
        _stream.Stop();
        _datagrams.Dispose();
        _end.Dispose();
    }

    private static (TcpListener Stream, Socket Datagrams) Bind(IPAddress at)
    {
        while (true)
        {
            var stream = new TcpListener(at, 0);
            stream.Start();
            var datagrams = new Socket(at.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            try
            {
                datagrams.Bind(stream.LocalEndpoint);
                return (stream, datagrams);
            }
            catch (SocketException)
            {
                // Somebody has the port for UDP.
                stream.Stop();
                datagrams.Dispose();
            }
        }
    }

    private async Task ServeDatagrams()
    {
        var buffer = new byte[65_536];
        var answering = new List<Task>();
        try
        {
            while (true)
            {
                var received = await _datagrams.ReceiveFromAsync(buffer, _stream.LocalEndpoint, _end.Token);
                answering.Add(Answer(Note(buffer[..received.ReceivedBytes], isStream: false, received.RemoteEndPoint), received.RemoteEndPoint));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(answering);
        }
    }

    private async Task Answer(DnsAsked asked, EndPoint client)
    {
        try
        {
            foreach (var message in await _answer(asked).WaitAsync(_end.Token))
            {
                await _datagrams.SendToAsync(message, client, _end.Token);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException)
        {
            // The test is over, or its client has gone.
        }
    }

    private async Task ServeStreams()
    {
        try
        {
            while (true)
            {
                using var client = await _stream.AcceptTcpClientAsync(_end.Token);
                await using var stream = client.GetStream();
                var prefix = new byte[2];
                await stream.ReadExactlyAsync(prefix, _end.Token);
                var query = new byte[BinaryPrimitives.ReadUInt16BigEndian(prefix)];
                await stream.ReadExactlyAsync(query, _end.Token);
                foreach (var message in await _answer(Note(query, isStream: true, client.Client.RemoteEndPoint!)).WaitAsync(_end.Token))
                {
                    BinaryPrimitives.WriteUInt16BigEndian(prefix, (ushort)message.Length);
                    await stream.WriteAsync((byte[])[.. prefix, .. message], _end.Token);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private DnsAsked Note(byte[] query, bool isStream, EndPoint client)
    {
        var asked = new DnsAsked(query, isStream, (IPEndPoint)client);
        Asked.Enqueue(asked);
        Heard.Release();
        return asked;
    }
}
