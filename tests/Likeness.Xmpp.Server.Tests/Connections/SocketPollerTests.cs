using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Likeness.Xmpp.Server.Connections;

namespace Likeness.Xmpp.Server.Tests.Connections;

public sealed class SocketPollerTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Whoever_waits_for_a_disk_on_the_thread_that_read_holds_up_nobody()
    {
        using var disk = new ManualResetEventSlim();
        using var slow = new Pair();
        using var other = new Pair();
        var isBlocking = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var waiting = ReadAndBlock(slow.Stream, isBlocking, disk);
        slow.Peer.Send([1]);
        await isBlocking.Task.WaitAsync(Limit);
        var read = other.Stream.ReadAsync(new byte[1]);
        other.Peer.Send([2]);
        (await read.AsTask().WaitAsync(Limit)).ShouldBe(1);
        disk.Set();
        await waiting.WaitAsync(Limit);
    }

    [Fact]
    public async Task Who_has_much_to_say_lets_others_have_their_turn()
    {
        const int most = 100;
        using var pair = new Pair();
        pair.Peer.Send(new byte[most]);
        while (pair.Socket.Available < most)
        {
            await Task.Yield();
        }

        var hasWaited = false;
        for (var i = 0; i < most; i++)
        {
            var read = pair.Stream.ReadAsync(new byte[1]);
            hasWaited |= !read.IsCompleted;
            (await read.AsTask().WaitAsync(Limit)).ShouldBe(1);
        }

        hasWaited.ShouldBe(OperatingSystem.IsLinux(), "a hundred reads one after another without a thread let go");
    }

    [Fact]
    public async Task What_the_peer_said_last_is_read_before_its_end()
    {
        // Both are there before the poller hears of the socket: it is told of them at once, and only once.
        using var pair = new Pair(lastWords: [1, 2]);
        var waiting = pair.Stream.ReadAsync(Memory<byte>.Empty);
        (await waiting.AsTask().WaitAsync(Limit)).ShouldBe(0);
        (await pair.Stream.ReadAsync(new byte[8]).AsTask().WaitAsync(Limit)).ShouldBe(2);
        (await pair.Stream.ReadAsync(Memory<byte>.Empty).AsTask().WaitAsync(Limit)).ShouldBe(0);
        (await pair.Stream.ReadAsync(new byte[8]).AsTask().WaitAsync(Limit)).ShouldBe(0);
    }

    [Fact]
    public async Task An_empty_read_waits_behind_one_that_took_everything_and_filled_its_buffer()
    {
        using var pair = new Pair();
        pair.Peer.Send([1, 2]);
        (await pair.Stream.ReadExactly(2).WaitAsync(Limit)).ShouldBe([1, 2]);
        var waiting = pair.Stream.ReadAsync(Memory<byte>.Empty);
        waiting.IsCompleted.ShouldBeFalse("a quiet session would take a buffer and keep it");
        pair.Peer.Send([3]);
        await waiting.AsTask().WaitAsync(Limit);
        (await pair.Stream.ReadExactly(1).WaitAsync(Limit)).ShouldBe([3]);
    }

    [Fact]
    public async Task A_read_that_waits_ends_when_the_stream_is_closed()
    {
        using var pair = new Pair();
        var waiting = pair.Stream.ReadAsync(new byte[1]).AsTask();
        pair.Stream.Close();
        pair.Socket.Close();
        await Should.ThrowAsync<Exception>(waiting.WaitAsync(Limit));
        waiting.IsFaulted.ShouldBeTrue();
        await Should.ThrowAsync<ObjectDisposedException>(async () => await pair.Stream.ReadAsync(new byte[1]).AsTask().WaitAsync(Limit));
    }

    [Fact]
    public async Task Everybody_reads_what_their_peer_wrote_however_it_is_cut_and_whoever_comes_and_goes()
    {
        const int seed = 20261126;
        await Task.WhenAll(Enumerable.Range(0, 40).Select(index => Task.Run(async () =>
        {
            var random = new Random(seed + index);
            for (var life = 0; life < 5; life++)
            {
                using var pair = new Pair();
                var words = new byte[random.Next(1, 60_000)];
                random.NextBytes(words);
                var writing = Write(pair.Peer, words, random.Next());
                var read = await ReadAll(pair.Stream, new Random(random.Next())).WaitAsync(Limit);
                await writing;
                SHA256.HashData(read).ShouldBe(SHA256.HashData(words), $"seed {seed + index}, life {life}");
            }
        })));
    }

    // On the thread that read, not on one of the test's.
    private static async Task ReadAndBlock(TcpStream stream, TaskCompletionSource isBlocking, ManualResetEventSlim disk)
    {
        (await stream.ReadAsync(Memory<byte>.Empty).ConfigureAwait(false)).ShouldBe(0);
        isBlocking.SetResult();
        disk.Wait(Limit, CancellationToken.None).ShouldBeTrue();
    }

    private static async Task Write(Socket peer, byte[] words, int seed)
    {
        var random = new Random(seed);
        for (var sent = 0; sent < words.Length;)
        {
            var next = words.AsMemory(sent, Math.Min(words.Length - sent, random.Next(1, 5000)));
            sent += await peer.SendAsync(next);
            if (random.Next(4) == 0)
            {
                await Task.Yield();
            }
        }

        peer.Shutdown(SocketShutdown.Send);
    }

    private static async Task<byte[]> ReadAll(TcpStream stream, Random random)
    {
        var all = new ArrayBufferWriter<byte>();
        while (true)
        {
            if (random.Next(2) == 0)
            {
                (await stream.ReadAsync(Memory<byte>.Empty)).ShouldBe(0);
            }

            var count = await stream.ReadAsync(all.GetMemory(4096)[..random.Next(1, 4096)]);
            if (count == 0)
            {
                return all.WrittenSpan.ToArray();
            }

            all.Advance(count);
        }
    }

    /// <summary>A connection over loopback.</summary>
    private sealed class Pair : IDisposable
    {
        public Pair(byte[]? lastWords = null)
        {
            using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
            listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            listener.Listen();
            Peer.Connect(listener.LocalEndPoint!);
            Socket = listener.Accept();
            if (lastWords is not null)
            {
                Peer.Send(lastWords);
                Peer.Shutdown(SocketShutdown.Send);
            }

            Stream = new TcpStream(Socket);
        }

        public Socket Peer { get; } = new(SocketType.Stream, ProtocolType.Tcp);

        public Socket Socket { get; }

        public TcpStream Stream { get; }

        public void Dispose()
        {
            Stream.Dispose();
            Socket.Dispose();
            Peer.Dispose();
        }
    }
}

file static class Reading
{
    /// <summary>One read at a time into a buffer of what is missing.</summary>
    public static async Task<byte[]> ReadExactly(this TcpStream stream, int count)
    {
        var bytes = new byte[count];
        for (var read = 0; read < count;)
        {
            read += await stream.ReadAsync(bytes.AsMemory(read));
        }

        return bytes;
    }
}
