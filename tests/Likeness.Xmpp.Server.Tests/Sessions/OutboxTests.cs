using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Likeness.Xmpp.Server.Connections;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Server.Tests.Hosting;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Tests.Sessions;

/// <summary>What is sent to a session stays in order and is never lost, whatever its connection does.</summary>
public sealed class OutboxTests : IOutboxOwner
{
    private const int Limit = 64 * 1024;
    private readonly TaskCompletionSource _overflowed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _away;
    private readonly TestClock _clock = new();
    private readonly Outbox _outbox;

    public OutboxTests() => _outbox = new Outbox(Limit, _clock, this);

    [Fact]
    public async Task What_was_sent_before_a_connection_came_leaves_first()
    {
        Send(0, 3);
        var wire = new Wire();
        _outbox.Attach(wire.Output);
        Send(3, 6);

        (await wire.Read(6)).ShouldBe(Numbers(0, 6));
    }

    [Fact]
    public async Task A_detached_outbox_keeps_what_comes_for_the_next_connection()
    {
        var first = new Wire();
        _outbox.Attach(first.Output);
        Send(0, 2);
        _outbox.Detach();
        Send(2, 5);
        var second = new Wire();
        _outbox.Attach(second.Output);
        Send(5, 7);

        (await first.Read(2)).ShouldBe(Numbers(0, 2));
        (await second.Read(5)).ShouldBe(Numbers(2, 7));
    }

    [Fact]
    public async Task A_peer_that_does_not_read_for_a_moment_gets_everything_in_order()
    {
        const int many = 10_000;
        var outbox = new Outbox(long.MaxValue / 4, TimeProvider.System, this);
        var wire = new Wire(pauseAt: 512);
        outbox.Attach(wire.Output);
        foreach (var number in Numbers(0, many))
        {
            outbox.Send(Message(number));
        }

        outbox.WaitingBytes.ShouldBeGreaterThan(0);
        var writable = outbox.Writable().AsTask();
        writable.IsCompleted.ShouldBeFalse();
        (await wire.Read(many)).ShouldBe(Numbers(0, many));
        (await writable).ShouldBeTrue();
        outbox.WaitingBytes.ShouldBe(0);
    }

    [Fact]
    [Trait("Requirement", "C-2B")]
    public async Task Senders_on_many_threads_each_stay_in_order_while_the_connection_changes()
    {
        const int senders = 4, each = 2_000;
        var outbox = new Outbox(long.MaxValue / 4, _clock, this);
        var received = new List<string>();
        var sending = Enumerable.Range(0, senders).Select(sender => Task.Run(() =>
        {
            for (var number = 0; number < each; number++)
            {
                outbox.Send(Message($"{sender}:{number}"));
            }
        })).ToArray();
        while (received.Count < senders * each)
        {
            var wire = new Wire(pauseAt: 4096);
            outbox.Attach(wire.Output);
            received.AddRange(await wire.ReadSome());
            outbox.Detach();
            received.AddRange(await wire.ReadRest());
        }

        await Task.WhenAll(sending);
        for (var sender = 0; sender < senders; sender++)
        {
            received.Where(body => body.StartsWith($"{sender}:", StringComparison.Ordinal))
                .ShouldBe(Enumerable.Range(0, each).Select(number => $"{sender}:{number}"));
        }
    }

    [Fact]
    [Trait("Requirement", "C-2B")]
    public async Task More_than_may_wait_is_told_and_nothing_of_it_is_lost()
    {
        var body = new string('x', 10_000);
        for (var number = 0; number < 8; number++)
        {
            _outbox.Send(Message($"{number}{body}"));
        }

        await _overflowed.Task.WaitAsync(TimeSpan.FromSeconds(10));
        var returned = new List<string>();
        await _outbox.Return(Into(returned));
        returned.Select(text => text[..1]).ShouldBe(Numbers(0, 8));
    }

    [Fact]
    public async Task What_is_sent_to_an_ended_session_goes_back_too_and_in_order()
    {
        Send(0, 3);
        var returned = new List<string>();
        await _outbox.Return(Into(returned));
        Send(3, 6);
        await _outbox.Return(Into(returned));

        returned.ShouldBe(Numbers(0, 6));
        (await _outbox.Writable()).ShouldBeFalse();
    }

    [Fact]
    public async Task What_a_lost_connection_did_not_take_goes_back()
    {
        var wire = new Wire();
        _outbox.Attach(wire.Output);
        await wire.Break();
        _outbox.Send(Message("finds out"));
        (await wire.Output.Sent()).ShouldBeFalse();
        Send(0, 4);
        _outbox.Send(new PreparedStanza(Message("prepared")), "juliet@localhost"u8.ToArray());
        var returned = new List<string>();
        await _outbox.Return(Into(returned));

        returned.Except(["finds out"]).ShouldBe([.. Numbers(0, 4), "prepared"]);
    }

    [Fact]
    [Trait("Requirement", "R-17")]
    public async Task What_was_written_and_may_be_lost_goes_back_first_and_only_what_is_young_enough_and_worth_it()
    {
        _outbox.Attach(new Wire().Output);
        SendMissed(_outbox, "old");
        _clock.Advance(TimeSpan.FromSeconds(60));
        var since = _clock.GetUtcNow();
        SendMissed(_outbox, "young");
        _outbox.Send(Message("not worth it"));
        _outbox.Detach();
        SendMissed(_outbox, "waits");
        var returned = new List<ReturnedStanza>();
        await _outbox.Return(Into(returned), since);

        returned.Select(one => (one.Stanza.Child("body")!.Text(), one.IsInDoubt)).ShouldBe([("young", true), ("waits", false)]);
    }

    [Theory]
    [Trait("Requirement", "R-17")]
    [InlineData(1, Backlog.MaxRemembered)]
    [InlineData(Backlog.MaxRememberedBytes / 4, 3)]
    [InlineData(2 * Backlog.MaxRememberedBytes, 1)]
    public async Task Of_what_was_written_the_last_ones_are_remembered_in_number_and_bytes(int length, int count)
    {
        var outbox = new Outbox(long.MaxValue / 4, _clock, this);
        outbox.Attach(new Wire(pauseAt: 64 * 1024 * 1024).Output);
        var sent = Numbers(0, count + 10).Select(number => number.PadRight(length)).ToArray();
        foreach (var body in sent)
        {
            SendMissed(outbox, body);
            (await outbox.Writable()).ShouldBeTrue();
        }

        var returned = new List<string>();
        await outbox.Return(Into(returned), DateTimeOffset.MinValue);
        returned.ShouldBe(sent[^count..]);
    }

    [Fact]
    [Trait("Requirement", "R-17")]
    public async Task What_was_written_to_a_client_that_took_leave_or_acknowledges_is_not_remembered()
    {
        _outbox.Attach(new Wire().Output);
        SendMissed(_outbox, "read");
        _outbox.Tidy(DateTimeOffset.MinValue, _clock.GetUtcNow() + TimeSpan.FromTicks(1));
        var returned = new List<string>();
        await _outbox.Return(Into(returned), DateTimeOffset.MinValue);
        returned.ShouldBeEmpty("long ago");

        foreach (var (manages, since) in new (bool, DateTimeOffset?)[] { (true, DateTimeOffset.MinValue), (false, null) })
        {
            var outbox = new Outbox(Limit, _clock, this);
            outbox.Attach(new Wire().Output);
            SendMissed(outbox, "read");
            if (manages)
            {
                outbox.Manage(new Element("enabled", Ns.StreamManagement), "localhost");
            }

            await outbox.Return(Into(returned), since);
            returned.ShouldBeEmpty();
        }
    }

    [Fact]
    [Trait("Requirement", "R-27")]
    public async Task A_message_and_its_copy_come_back_as_the_message_and_only_when_nobody_took_either()
    {
        var other = new Outbox(Limit, _clock, this);
        var message = new PreparedStanza(Message("1"));
        _outbox.Send(message, []);
        other.Send(new PreparedStanza(Message("copy of 1")) { CopyOf = message }, []);
        var taken = new PreparedStanza(Message("2"));
        _outbox.Send(taken, []);
        var reader = new Outbox(Limit, _clock, this);
        reader.Attach(new Wire().Output);
        reader.Send(new PreparedStanza(Message("copy of 2")) { CopyOf = taken }, []);
        var read = new PreparedStanza(Message("3"));
        reader.Send(read, []);
        _outbox.Send(new PreparedStanza(Message("copy of 3")) { CopyOf = read }, []);
        var returned = new List<string>();
        await _outbox.Return(Into(returned));
        returned.ShouldBeEmpty();
        await other.Return(Into(returned));

        returned.ShouldBe(["1"]);
    }

    [Fact]
    public async Task Whoever_waits_is_let_go_when_the_session_ends()
    {
        var waiting = _outbox.Writable().AsTask();
        _outbox.StopWaiting();

        (await waiting).ShouldBeFalse();
        (await _outbox.Writable()).ShouldBeFalse();
    }

    void IOutboxOwner.Overflowed() => _overflowed.SetResult();

    void IOutboxOwner.Away(long bytes) => _away += bytes;

    private static void SendMissed(Outbox outbox, string body) => outbox.Send(new PreparedStanza(Message(body)) { IsMissed = true }, []);

    private static Func<IReadOnlyList<ReturnedStanza>, ValueTask> Into(List<ReturnedStanza> returned) => stanzas =>
    {
        returned.AddRange(stanzas);
        return default;
    };

    private static Func<IReadOnlyList<ReturnedStanza>, ValueTask> Into(List<string> returned) => stanzas =>
    {
        returned.AddRange(stanzas.Select(returned => returned.Stanza.Child("body")!.Text()));
        return default;
    };

    private static Element Message(string body) => new Element("message", Ns.Client).Add("body", body);

    private static string[] Numbers(int from, int to) => [.. Enumerable.Range(from, to - from).Select(number => number.ToString(CultureInfo.InvariantCulture))];

    private void Send(int from, int to)
    {
        foreach (var number in Numbers(from, to))
        {
            _outbox.Send(Message(number));
        }
    }

    /// <summary>A connection whose other end is read by the test.</summary>
    private sealed class Wire
    {
        private readonly Pipe _pipe;

        public Wire(int pauseAt = 65536)
        {
            _pipe = new Pipe(new PipeOptions(pauseWriterThreshold: pauseAt, resumeWriterThreshold: pauseAt / 2, useSynchronizationContext: false));
            Output = new StreamOutput(new PipeStream(_pipe.Writer), new XmlFrame(StreamRole.Client, new StreamLimits()), new TestClock());
        }

        public StreamOutput Output { get; }

        public ValueTask Break() => _pipe.Reader.CompleteAsync();

        public async Task<List<string>> Read(int count)
        {
            var bodies = new List<string>();
            while (bodies.Count < count)
            {
                bodies.AddRange(await ReadSome());
            }

            return bodies;
        }

        public async Task<List<string>> ReadSome()
        {
            using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(15));
            return Take(await _pipe.Reader.ReadAsync(timeout.Token));
        }

        /// <summary>What was written until now and not read yet.</summary>
        public async Task<List<string>> ReadRest()
        {
            var bodies = new List<string>();
            _ = Output.Sent().AsTask().ContinueWith(_ => _pipe.Writer.Complete(), TaskScheduler.Default);
            while (true)
            {
                var read = await _pipe.Reader.ReadAsync();
                bodies.AddRange(Take(read));
                if (read.IsCompleted)
                {
                    return bodies;
                }
            }
        }

        private List<string> Take(ReadResult read)
        {
            var text = Encoding.UTF8.GetString(read.Buffer);
            _pipe.Reader.AdvanceTo(read.Buffer.End);
            return [.. text.Split("</message>", StringSplitOptions.RemoveEmptyEntries).Select(message => message.Split("<body>")[1].Split('<')[0])];
        }
    }

    /// <summary>A connection that takes as much as its pipe has room for, and nothing more once nobody reads the pipe.</summary>
    private sealed class PipeStream(PipeWriter pipe) : MemoryStream
    {
        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if ((await pipe.WriteAsync(buffer, cancellationToken)).IsCompleted)
            {
                throw new IOException("The connection is gone.");
            }
        }
    }
}
