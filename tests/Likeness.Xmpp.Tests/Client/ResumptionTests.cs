using System.Threading.Channels;
using Likeness.Xmpp.Client;
using Likeness.Xmpp.Sasl;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Tests.Client;

/// <summary>A client whose connection is lost (XEP-0198).</summary>
public sealed class ResumptionTests
{
    [Fact]
    public async Task What_was_not_acknowledged_is_sent_again_and_nothing_else()
    {
        await using var server = new ScriptedServer { Manages = true };
        await using var client = await XmppClientTests.LogIn(server, Options(server));
        await client.Send(Message("one"));
        await client.Send(Message("two"));
        (await server.ReadStanza())["id"].ShouldBe("one");
        (await server.ReadStanza())["id"].ShouldBe("two");
        await server.Write("<message id='hello'/>");
        (await client.Expect(_ => true))["id"].ShouldBe("hello");

        var before = client.Address;
        server.Handled = 1;
        await Return(server);
        server.Resume!["previd"].ShouldBe("session");
        server.Resume["h"].ShouldBe("1");
        (await server.ReadStanza())["id"].ShouldBe("two");
        await client.Send(Message("three"));
        (await server.ReadStanza())["id"].ShouldBe("three");
        client.Address.ShouldBe(before);
    }

    [Fact]
    public async Task An_answer_is_waited_for_across_connections()
    {
        await using var server = new ScriptedServer { Manages = true };
        await using var client = await XmppClientTests.LogIn(server, Options(server));
        var asking = client.Request(new Element("iq", Ns.Client).Set("type", "get").Add(new Element("query", "u")));
        var request = await server.ReadStanza();
        server.Handled = 1;
        await Return(server);
        await server.Write(StanzaReply.Result(request));
        (await asking)["type"].ShouldBe("result");
    }

    [Fact]
    public async Task A_session_that_the_server_has_forgotten_begins_anew_and_says_what_became_uncertain()
    {
        await using var server = new ScriptedServer { Manages = true };
        await using var client = await XmppClientTests.LogIn(server, Options(server));
        var uncertain = new TaskCompletionSource<IReadOnlyList<Element>>();
        client.BeganAnew += uncertain.SetResult;
        var loading = client.Roster.Load(TestContext.Current.CancellationToken);
        await server.Write(StanzaReply.Result(await server.ReadStanza(), Roster("bob@example.org")));
        await loading;
        await client.Send(new Element("presence", Ns.Client).Add("status", "here"));
        await client.Send(Message("one"));
        var asking = client.Request(new Element("iq", Ns.Client).Set("type", "get").Add(new Element("query", "u")));
        for (var stanza = 0; stanza < 3; stanza++)
        {
            await server.ReadStanza();
        }

        await server.Write("<a xmlns='urn:xmpp:sm:3' h='2'/><message id='read'/>");
        await client.Expect(stanza => stanza["id"] == "read");
        await Return(server);
        (await uncertain.Task).Select(stanza => stanza.Name).ShouldBe(["message", "iq"]);
        await Should.ThrowAsync<IOException>(() => asking);

        // What the server has to know comes by itself.
        Element[] anew = [await server.ReadStanza(), await server.ReadStanza()];
        anew.ShouldContain(stanza => stanza.Name == "presence" && stanza.Child("status", Ns.Client)!.Text() == "here");
        var again = anew.Single(stanza => stanza.Child("query", Ns.Roster) is not null);
        await server.Write(StanzaReply.Result(again, Roster("eve@example.org")).ToString() + "<message id='loaded'/>");
        await client.Expect(stanza => stanza["id"] == "loaded");
    }

    [Fact]
    public async Task A_client_that_was_replaced_does_not_come_back()
    {
        await using var server = new ScriptedServer { Manages = true };
        await using var client = await XmppClientTests.LogIn(server, Options(server));
        await server.Write("<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>");
        await client.Ended;
        var late = await Should.ThrowAsync<IOException>(() => client.Send(Message("late")));
        late.InnerException.ShouldBeOfType<StreamErrorException>().Condition.ShouldBe("conflict");
    }

    [Fact]
    public async Task A_password_that_is_wrong_by_now_is_not_tried_for_ever()
    {
        await using var server = new ScriptedServer { Manages = true };
        await using var client = await XmppClientTests.LogIn(server, Options(server));
        server.Password = "changed";
        await server.Cut();
        await server.Login().ContinueWith(_ => { }, TaskScheduler.Default);
        await client.Ended;
        (await Should.ThrowAsync<IOException>(() => client.Send(Message("late")))).InnerException.ShouldBeOfType<SaslException>();
    }

    [Fact]
    [Trait("Requirement", "C-7")]
    public async Task Pauses_grow_to_their_limit_and_are_random()
    {
        var clock = new HeldClock();
        await using var server = new ScriptedServer { Manages = true };
        var options = Options(server) with { NextRandom = () => 0.5, MaxPause = TimeSpan.FromSeconds(8), TimeProvider = clock };
        await using var client = await XmppClientTests.LogIn(server, options);
        await server.DisposeAsync();
        foreach (var seconds in new[] { 1, 2, 4, 4 })
        {
            await clock.Pass(TimeSpan.FromSeconds(seconds));
        }
    }

    [Fact]
    public async Task Who_sends_waits_for_acknowledgements_and_not_for_ever()
    {
        await using var server = new ScriptedServer { Manages = true };
        await using var client = await XmppClientTests.LogIn(server, Options(server) with { MaxUnacknowledged = 2, Timeout = TimeSpan.FromSeconds(20) });
        await client.Send(Message("one"));
        await client.Send(Message("two"));
        var third = client.Send(Message("three"));
        await server.ReadStanza();
        await server.ReadStanza();
        third.IsCompleted.ShouldBeFalse();
        await server.Write("<a xmlns='urn:xmpp:sm:3' h='1'/>");
        await third;
        (await server.ReadStanza())["id"].ShouldBe("three");

        var fourth = client.Send(Message("four"), new CancellationToken(canceled: true));
        await Should.ThrowAsync<OperationCanceledException>(() => fourth);
    }

    [Fact]
    public async Task Acknowledging_what_was_never_sent_ends_the_connection()
    {
        await using var server = new ScriptedServer { Manages = true };
        var reports = Channel.CreateUnbounded<Exception>();
        await using var client = await XmppClientTests.LogIn(server, Options(server) with { Report = reason => reports.Writer.TryWrite(reason) });
        await server.Write("<a xmlns='urn:xmpp:sm:3' h='7'/>");
        (await reports.Reader.ReadAsync(TestContext.Current.CancellationToken)).ShouldBeOfType<StreamErrorException>().Message.ShouldContain("acknowledged 7");
    }

    [Fact]
    public async Task A_server_that_is_silent_is_asked_and_then_given_up()
    {
        await using var server = new ScriptedServer { Manages = true };
        await using var client = await XmppClientTests.LogIn(server, Options(server) with { MaxSilence = TimeSpan.FromMilliseconds(50), Timeout = TimeSpan.FromSeconds(1) });
        (await server.Read()).Is("r", Ns.StreamManagement).ShouldBeTrue();

        // Silence: the client comes again by itself.
        server.Handled = 0;
        await server.Login();
        server.Resume.ShouldNotBeNull();
        (await server.Read()).Is("r", Ns.StreamManagement).ShouldBeTrue();
        await server.Write("<a xmlns='urn:xmpp:sm:3' h='0'/>");
    }

    private static async Task Return(ScriptedServer server)
    {
        await server.Cut();
        await server.Login();
    }

    private static Element Roster(string contact) =>
        new Element("query", Ns.Roster).Add(new Element("item", Ns.Roster).Set("jid", contact).Set("subscription", "both"));

    private static Element Message(string id) => new Element("message", Ns.Client).Set("id", id).Set("to", "bob@example.org");

    private static XmppClientOptions Options(ScriptedServer server) => XmppClientTests.Options(server) with { NextRandom = () => 0 };

    /// <summary>Time that stands still; who waits for it goes on when it is passed.</summary>
    private sealed class HeldClock : TimeProvider
    {
        private static readonly TimeSpan ShortestLimit = TimeSpan.FromSeconds(5);
        private readonly Channel<(TimeSpan Due, Action Pass)> _timers = Channel.CreateUnbounded<(TimeSpan, Action)>();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            // Pauses are shorter than every time limit.
            if (dueTime > TimeSpan.Zero && dueTime < ShortestLimit)
            {
                _timers.Writer.TryWrite((dueTime, () => callback(state)));
            }

            return new Timer();
        }

        /// <summary>The next pause is this long, and over.</summary>
        public async Task Pass(TimeSpan expected)
        {
            var (due, pass) = await _timers.Reader.ReadAsync(TestContext.Current.CancellationToken);
            due.ShouldBe(expected);
            pass();
        }

        private sealed class Timer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
