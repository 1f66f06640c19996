using System.Text;
using Likeness.Stores;
using Likeness.Xmpp.Server.Connections;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Server.Tests.Hosting;
using Likeness.Xmpp.Server.Tests.Play;
using Likeness.Xmpp.Xml;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Xmpp.Server.Tests.Sessions;

/// <summary>What is sent and not acknowledged: counted modulo 2³², bounded, and given back whole.</summary>
public sealed class AcknowledgementTests : IOutboxOwner
{
    private const int Limit = 64 * 1024;
    private readonly TaskCompletionSource _overflowed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TestClock _clock = new();
    private long _away;

    [Fact]
    [Trait("Requirement", "R-2")]
    [Trait("Requirement", "R-5")]
    [Trait("Requirement", "C-64")]
    public void Numbers_go_on_at_zero_behind_the_last_one()
    {
        var sent = new Unacknowledged("localhost", uint.MaxValue - 1);
        for (var number = 0; number < 4; number++)
        {
            sent.Add(Queued(Message("m")));
        }

        sent.Sent.ShouldBe(2u);
        sent.Acknowledge(uint.MaxValue);
        sent.Queue.Count.ShouldBe(3);
        sent.Acknowledge(0);
        sent.Queue.Count.ShouldBe(2);
        sent.Acknowledge(uint.MaxValue);
        sent.Queue.Count.ShouldBe(2, "an older number says nothing new");
        Should.Throw<StreamErrorException>(() => sent.Acknowledge(3)).Detail!.Name.ShouldBe("handled-count-too-high");
        sent.Acknowledge(2);
        sent.Queue.Count.ShouldBe(0);
        sent.HasMessage.ShouldBeFalse();
    }

    [Fact]
    [Trait("Requirement", "R-6")]
    public void What_was_let_go_of_is_a_gap_until_it_is_acknowledged_and_messages_are_kept()
    {
        var sent = new Unacknowledged("localhost");
        sent.Add(Queued(Presence("a")));
        sent.Add(Queued(Message("m")));
        sent.Add(Queued(Presence("b")));
        sent.LetGo().ShouldBeTrue();
        sent.Sent.ShouldBe(3u);
        sent.Acknowledge(2);
        sent.HasGap.ShouldBeTrue();
        sent.Acknowledge(3);
        sent.HasGap.ShouldBeFalse();

        sent.Add(Queued(Presence("c")));
        sent.Add(Queued(Message("n")));
        sent.LetGo();
        var rest = new StanzaQueue();
        sent.TakeAllInto(rest);
        rest.Count.ShouldBe(1);
        rest.Take().Stanza!.IsMessage.ShouldBeTrue();
        sent.HasGap.ShouldBeFalse();
    }

    [Fact]
    [Trait("Requirement", "R-6")]
    [Trait("Requirement", "C-67")]
    public async Task A_client_that_is_sent_much_at_once_is_served_and_only_messages_end_its_session()
    {
        var outbox = new Outbox(Limit, _clock, this);
        outbox.Attach(new StreamOutput(Stream.Null, new XmlFrame(StreamRole.Client, new StreamLimits()), _clock));
        outbox.Manage(new Element("enabled", Ns.StreamManagement), "localhost").ShouldBeTrue();
        outbox.Manage(new Element("enabled", Ns.StreamManagement), "localhost").ShouldBeFalse();
        for (var number = 0; number < 100; number++)
        {
            outbox.Send(Presence(new string('x', 2_000)));
            (await outbox.Writable()).ShouldBeTrue();
        }

        outbox.HasGap.ShouldBeTrue();
        _overflowed.Task.IsCompleted.ShouldBeFalse();
        outbox.Acknowledge(100);
        outbox.HasGap.ShouldBeFalse();

        for (var number = 0; number < 40; number++)
        {
            outbox.Send(Message(new string('x', 2_000)));
        }

        await _overflowed.Task.WaitAsync(TimeSpan.FromSeconds(10));
        var returned = new List<ReturnedStanza>();
        await outbox.Return(stanzas =>
        {
            returned.AddRange(stanzas);
            return default;
        });
        returned.Count.ShouldBe(40);
    }

    [Fact]
    [Trait("Requirement", "R-6")]
    [Trait("Requirement", "R-18")]
    public async Task Of_a_client_that_is_away_the_newest_presence_waits_and_its_bytes_are_known()
    {
        var outbox = new Outbox(Limit, _clock, this);
        outbox.Attach(new StreamOutput(Stream.Null, new XmlFrame(StreamRole.Client, new StreamLimits()), _clock));
        outbox.Manage(new Element("enabled", Ns.StreamManagement), "localhost");
        outbox.Detach(awaitsReturn: true);
        for (var number = 0; number < 10_000; number++)
        {
            outbox.Send(Presence($"{number}"));
        }

        _away.ShouldBeInRange(1, 40_000);
        _overflowed.Task.IsCompleted.ShouldBeFalse();
        var wire = new MemoryStream();
        var output = new StreamOutput(wire, new XmlFrame(StreamRole.Client, new StreamLimits()), _clock);
        outbox.Attach(output);
        await output.Sent();
        Encoding.UTF8.GetString(wire.ToArray()).ShouldContain("<status>9999</status>");
        Encoding.UTF8.GetString(wire.ToArray()).Split("<presence").Length.ShouldBe(2);
        _away.ShouldBe(0);
    }

    [Fact]
    [Trait("Requirement", "R-19")]
    public async Task What_waits_for_a_client_that_is_away_is_stored_when_the_server_goes()
    {
        await using var scene = new Scene();
        await Performance.Play(scene, Transcript.Parse("away",
        [
            "juliet and romeo are users",
            "romeo/orchard comes online",
            "romeo/orchard can be resumed",
            "romeo/orchard's line is cut",
            "juliet/balcony connects",
            "juliet/balcony sends",
            "    <message to='romeo@localhost/orchard' type='chat'><body>for later</body></message>",
            "juliet/balcony is fenced",
        ]));
        var server = await scene.Server();

        await ((Binding)server.Services.GetRequiredService<ISessionBinder>()).EndAllAway();

        (await server.Stores.Offline.Load(new Identity("romeo@localhost"), 0, long.MaxValue)).ShouldHaveSingleItem().Xml.ShouldContain("for later");
    }

    [Fact]
    [Trait("Requirement", "R-12")]
    public async Task A_connection_that_lost_the_session_before_it_was_attached_gets_nothing_of_it()
    {
        await using var scene = new Scene();
        await Performance.Play(scene, Transcript.Parse("claimed",
        [
            "juliet and romeo are users",
            "romeo/orchard comes online",
            "romeo/orchard can be resumed",
            "juliet/balcony connects",
        ]));
        var accounts = (await scene.Server()).Services.GetRequiredService<AccountDirectory>();
        var session = accounts.FindLoaded("romeo@localhost")!.SessionOf("orchard")!;
        var second = accounts.FindLoaded("juliet@localhost")!.SessionOf("balcony")!.Connection!;
        var wire = new MemoryStream();
        var first = new StreamOutput(wire, new XmlFrame(StreamRole.Client, new StreamLimits()), _clock);

        // The connection that has the session is about to write what waits, and another one asks for it.
        session.Stream!.TryClaim(second, out var holder, out _).ShouldBeTrue();
        holder.ShouldBe(session.Connection);
        ((IStreamSession)session).Attach(first);
        session.Send(Message("once"));
        await first.Sent();
        wire.Length.ShouldBe(0);
        session.Outbox.WaitingBytes.ShouldBeGreaterThan(0);

        session.Stream.GiveUp(second);
        ((IStreamSession)session).Attach(first);
        await first.Sent();
        Encoding.UTF8.GetString(wire.ToArray()).ShouldContain("once");
    }

    void IOutboxOwner.Overflowed() => _overflowed.SetResult();

    void IOutboxOwner.Away(long bytes) => _away += bytes;

    private QueuedStanza Queued(Element stanza) => new(new PreparedStanza(stanza), [], _clock.GetUtcNow(), IsCounted: true);

    private static Element Message(string body) => new Element("message", Ns.Client).Add("body", body);

    private static Element Presence(string status) => new Element("presence", Ns.Client).Set("from", "juliet@localhost/balcony").Add("status", status);
}
