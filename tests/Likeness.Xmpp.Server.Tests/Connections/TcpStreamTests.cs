using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Likeness.Xmpp.Server.Connections;

namespace Likeness.Xmpp.Server.Tests.Connections;

public sealed class TcpStreamTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly Socket _peer = new(SocketType.Stream, ProtocolType.Tcp);
    private readonly Socket _socket;
    private readonly TcpStream _stream;

    public TcpStreamTests()
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        _peer.Connect(listener.LocalEndPoint!);
        _socket = listener.Accept();
        _stream = new TcpStream(_socket);
    }

    [Fact]
    public async Task A_read_that_had_a_time_limit_leaves_nothing_of_it_behind()
    {
        var limit = await ReadWithLimit();
        var next = _stream.ReadAsync(new byte[1]);

        // Off the stack of who read.
        await Task.Yield();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        limit.TryGetTarget(out _).ShouldBeFalse("what a connection keeps while it is quiet, thousands of connections keep");
        await _peer.SendAsync(new byte[1]);
        (await next).ShouldBe(1);
    }

    [Fact]
    public async Task A_read_that_is_canceled_closes_the_socket()
    {
        using var limit = new CancellationTokenSource();
        var read = _stream.ReadAsync(new byte[1], limit.Token).AsTask().WaitAsync(Limit);
        await limit.CancelAsync();
        (await Should.ThrowAsync<OperationCanceledException>(read)).CancellationToken.ShouldBe(limit.Token);
        await Should.ThrowAsync<ObjectDisposedException>(async () => await _stream.ReadAsync(new byte[1]).AsTask().WaitAsync(Limit));
    }

    [Fact]
    public async Task It_is_known_whether_a_read_waits()
    {
        _stream.IsReading.ShouldBeFalse();
        var waiting = _stream.ReadAsync(Memory<byte>.Empty);
        _stream.IsReading.ShouldBeTrue();
        await _peer.SendAsync(new byte[1]);
        await waiting;
        (await _stream.ReadAsync(new byte[1])).ShouldBe(1);
        _stream.IsReading.ShouldBeFalse();
    }

    public void Dispose()
    {
        _peer.Dispose();
        _socket.Dispose();
        _stream.Dispose();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task<WeakReference<CancellationTokenSource>> ReadWithLimit()
    {
        using var limit = new CancellationTokenSource();
        var read = _stream.ReadAsync(new byte[1], limit.Token);
        await _peer.SendAsync(new byte[1]);
        (await read).ShouldBe(1);
        return new WeakReference<CancellationTokenSource>(limit);
    }
}
