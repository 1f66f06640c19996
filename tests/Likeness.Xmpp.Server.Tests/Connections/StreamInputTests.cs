using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Likeness.Xmpp.Server.Connections;

namespace Likeness.Xmpp.Server.Tests.Connections;

/// <summary>What comes in is read once and in order, in whatever pieces it comes and whoever interrupts.</summary>
public sealed class StreamInputTests
{
    private readonly Pipe _peer = new();
    private readonly StreamInput _input;

    public StreamInputTests() => _input = new StreamInput(new WaitingStream(_peer.Reader));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Bytes_arrive_as_they_were_sent_however_they_are_cut_and_interrupted(int seed)
    {
        var random = new Random(seed);
        var sent = new byte[300_000];
        random.NextBytes(sent);
        var sending = Task.Run(async () =>
        {
            for (var at = 0; at < sent.Length;)
            {
                var length = Math.Min(random.Next(1, 9000), sent.Length - at);
                await _peer.Writer.WriteAsync(sent.AsMemory(at, length));
                at += length;
                if (length % 3 == 0)
                {
                    _input.CancelPendingRead();
                }
            }

            await _peer.Writer.CompleteAsync();
        });

        var received = new List<byte>();
        var taste = new Random(seed);
        while (true)
        {
            var read = await _input.ReadAsync();
            var taken = read.IsCompleted ? read.Buffer.Length : taste.NextInt64(read.Buffer.Length + 1);
            received.AddRange(read.Buffer.Slice(0, taken).ToArray());
            _input.AdvanceTo(read.Buffer.GetPosition(taken), read.Buffer.End);
            if (read.IsCompleted)
            {
                break;
            }
        }

        await sending;
        received.ShouldBe(sent);
    }

    [Fact]
    public async Task What_was_looked_at_and_left_comes_again_with_more()
    {
        await Send("<mess");
        var first = await _input.ReadAsync();
        _input.AdvanceTo(first.Buffer.Start, first.Buffer.End);
        var waiting = _input.ReadAsync();
        waiting.IsCompleted.ShouldBeFalse("nothing new has come");

        await Send("age/>");
        var second = await waiting;
        Text(second).ShouldBe("<message/>");
    }

    [Fact]
    public async Task What_was_not_looked_at_is_there_at_once()
    {
        await Send("<a/><b/>");
        var first = await _input.ReadAsync();
        _input.AdvanceTo(first.Buffer.GetPosition(4));

        var second = await _input.ReadAsync();
        Text(second).ShouldBe("<b/>");
    }

    [Fact]
    public async Task A_canceled_read_ends_and_what_came_meanwhile_is_read_by_the_next_one()
    {
        var waiting = _input.ReadAsync();
        _input.CancelPendingRead();
        var canceled = await waiting;
        canceled.IsCanceled.ShouldBeTrue();
        _input.AdvanceTo(canceled.Buffer.End);

        await Send("<late/>");
        Text(await _input.ReadAsync()).ShouldBe("<late/>");
    }

    [Fact]
    public async Task Canceled_while_nobody_waits_the_next_read_says_so_once()
    {
        _input.CancelPendingRead();
        (await _input.ReadAsync()).IsCanceled.ShouldBeTrue();
        var waiting = _input.ReadAsync();
        waiting.IsCompleted.ShouldBeFalse();
        await Send("<a/>");
        (await waiting).IsCanceled.ShouldBeFalse();
    }

    [Fact]
    public async Task The_end_is_told_with_what_came_before_it()
    {
        await Send("</stream:stream>");
        await _peer.Writer.CompleteAsync();
        var last = await _input.ReadAsync();
        Text(last).ShouldBe("</stream:stream>");
        (await _input.ReadAsync()).IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public async Task A_socket_that_fails_is_a_connection_that_is_gone()
    {
        var waiting = _input.ReadAsync();
        await _peer.Writer.CompleteAsync(new SocketException((int)SocketError.ConnectionReset));
        await Should.ThrowAsync<IOException>(async () => await waiting);
    }

    private async Task Send(string text) => await _peer.Writer.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text));

    private string Text(ReadResult read)
    {
        var text = System.Text.Encoding.UTF8.GetString(read.Buffer.ToArray());
        _input.AdvanceTo(read.Buffer.End);
        return text;
    }

    /// <summary>Reads a pipe as a socket is read: an empty read waits until there is something.</summary>
    private sealed class WaitingStream(PipeReader pipe) : MemoryStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await pipe.ReadAsync(cancellationToken);
            var taken = (int)Math.Min(buffer.Length, read.Buffer.Length);
            read.Buffer.Slice(0, taken).CopyTo(buffer.Span);
            pipe.AdvanceTo(read.Buffer.GetPosition(taken));
            return taken;
        }
    }
}
