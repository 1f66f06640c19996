using System.Globalization;
using Likeness.Xmpp.Sasl;
using Likeness.Xmpp.Server.Connections;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Server.Tests.Hosting;
using Likeness.Xmpp.Server.Tests.Play;
using Likeness.Xmpp.Xml;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Xmpp.Server.Tests.Streams;

/// <summary>Clients that do not read, do not answer or do not hang up: nothing that was sent to them is lost, and they are let go.</summary>
public sealed class SilentPeerTests
{
    private const int Messages = 160;
    private static readonly string Padding = new('x', 128 * 1024);

    [Theory]
    [Trait("Requirement", "C-2B")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_client_did_not_read_in_time_is_kept_or_refused_and_nothing_is_lost(bool tls)
    {
        // More than may wait, and more than may be kept.
        await using var scene = await Cast(tls, options => options with { MaxOfflineMessages = 40, Archive = new() { IsOn = false } });
        var slow = await LogIn(scene, "juliet", tls);
        var sender = await LogIn(scene, "romeo", tls);
        using var quiet = scene.Conversation.Pause();
        (Messages * (long)Padding.Length).ShouldBeGreaterThan(2 * scene.Options.MaxUnsentBytes);

        for (var number = 0; number < Messages; number++)
        {
            await sender.Send($"<message to='juliet@localhost/here' type='chat' id='{number}'><body>{Padding}</body></message>");
        }

        await sender.Fence();
        var got = await ReadMessages(slow);
        slow.IsOver.ShouldBeTrue();
        await SessionsEnd(scene, "juliet@localhost");
        var refused = new List<string>();
        var again = await LogIn(scene, "juliet", tls);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (got.Concat(refused).Distinct().Count() < Messages && !limit.IsCancellationRequested)
        {
            got.AddRange(await ReadMessages(again));
            refused.AddRange(await ReadMessages(sender));
        }

        scene.ServerErrors.ShouldBeEmpty();
        var numbers = got.Concat(refused).Select(Number).Order().ToArray();
        numbers.Distinct().ShouldBe(Enumerable.Range(0, Messages));
        numbers.Length.ShouldBeLessThanOrEqualTo(Messages + 1, "of what it read, only the last one may come again");
        got.Select(Number).ShouldBeInOrder();
        refused.ShouldNotBeEmpty("more was sent than is kept");
    }

    [Theory]
    [Trait("Requirement", "C-2B")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_that_reads_nothing_for_half_a_minute_is_let_go_and_its_messages_are_kept(bool tls)
    {
        await using var scene = await Cast(tls);
        var slow = await LogIn(scene, "juliet", tls);
        var sender = await LogIn(scene, "romeo", tls);
        using var quiet = scene.Conversation.Pause();
        var server = await scene.Server();
        var session = server.Services.GetRequiredService<AccountDirectory>().FindLoaded("juliet@localhost")!.SessionOf("here")!;
        var sent = 0;
        while (session.Outbox.WaitingBytes < 2 * 1024 * 1024)
        {
            await sender.Send($"<message to='juliet@localhost/here' type='chat' id='{sent++}'><body>{Padding}</body></message>");
            await sender.Fence();
        }

        // Again and again: what the system still takes from us at first is no reading, but counts as such.
        var writable = session.Writable().AsTask();
        await Until(() =>
        {
            if (!writable.IsCompleted)
            {
                server.Clock.Advance(TimeSpan.FromSeconds(5));
            }

            return writable.IsCompleted;
        });
        (await writable).ShouldBeFalse();
        await SessionsEnd(scene, "juliet@localhost");

        var again = await LogIn(scene, "juliet", tls);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var last = (sent - 1).ToString(CultureInfo.InvariantCulture);
        while (!(await ReadMessages(again)).Contains(last))
        {
            limit.Token.ThrowIfCancellationRequested();
        }
    }

    [Fact]
    [Trait("Requirement", "C-2C")]
    public async Task A_client_that_says_nothing_is_asked_and_let_go_when_it_does_not_answer()
    {
        await using var scene = await Cast(tls: false, options => options with { PingAfter = TimeSpan.FromMinutes(5) });
        var silent = await LogIn(scene, "juliet", tls: false);
        var answering = await LogIn(scene, "romeo", tls: false);
        (silent.AnswersPings, answering.AnswersPings) = (false, false);
        var server = await scene.Server();
        server.Clock.Advance(TimeSpan.FromMinutes(4));
        await answering.Fence();
        answering.Kept.ShouldBeEmpty();

        server.Clock.Advance(TimeSpan.FromSeconds(61));
        (await Sweeping(server, silent.Receive())).ShouldNotBeNull().Child("ping", Ns.Ping).ShouldNotBeNull();
        await answering.Fence();
        answering.Kept.ShouldBeEmpty("it has just said something");

        server.Clock.Advance(TimeSpan.FromSeconds(61));
        (await Sweeping(server, silent.StreamError())).ShouldBe("connection-timeout");
        server.Clock.Advance(TimeSpan.FromSeconds(250));
        var ping = (await Sweeping(server, answering.Receive())).ShouldNotBeNull();
        ping.Child("ping", Ns.Ping).ShouldNotBeNull();
        ping["from"].ShouldBe("localhost");
        await answering.Send($"<iq type='result' id='{ping["id"]}' to='localhost'/>");
        await answering.Fence();
        server.Clock.Advance(TimeSpan.FromSeconds(120));
        await answering.Fence();
        answering.IsOver.ShouldBeFalse();
    }

    [Fact]
    [Trait("Requirement", "R-17")]
    public async Task What_was_sent_since_a_silent_client_was_heard_waits()
    {
        await using var scene = await Cast(tls: false, options => options with { PingAfter = TimeSpan.FromMinutes(5) });
        var silent = await LogIn(scene, "juliet", tls: false);
        var sender = await LogIn(scene, "romeo", tls: false);
        (silent.AnswersPings, sender.AnswersPings) = (false, true);
        var server = await scene.Server();
        await Say("heard");
        server.Clock.Advance(TimeSpan.FromSeconds(61));
        await silent.Fence();
        await Say("last");
        server.Clock.Advance(TimeSpan.FromMinutes(3));
        await Say("lost");
        server.Clock.Advance(TimeSpan.FromMinutes(3));
        (await Sweeping(server, LastOf(silent))).ShouldNotBeNull().Name.ShouldBe("error");
        await SessionsEnd(scene, "juliet@localhost");

        var again = await LogIn(scene, "juliet", tls: false);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var got = new List<string>();
        while (!got.Contains("lost"))
        {
            limit.Token.ThrowIfCancellationRequested();
            got.AddRange(await ReadMessages(again));
        }

        got.ShouldBe(["last", "lost"]);

        async Task Say(string id)
        {
            await sender.Send($"<message to='juliet@localhost/here' type='chat' id='{id}'><body>{id}</body></message>");
            await sender.Fence();
        }
    }

    private static async Task<Element?> LastOf(Actor actor)
    {
        Element? last = null;
        while (await actor.Receive() is { } element)
        {
            last = element;
        }

        return last;
    }

    // A connection that is just handling something is not looked at; the next look comes with the next seconds.
    private static async Task<T> Sweeping<T>(TestServer server, Task<T> awaited)
    {
        for (var look = 0; look < 8; look++)
        {
            try
            {
                return await awaited.WaitAsync(TimeSpan.FromMilliseconds(500));
            }
            catch (TimeoutException)
            {
                server.Clock.Advance(TimeSpan.FromSeconds(5));
            }
        }

        return await awaited;
    }

    [Theory]
    [Trait("Requirement", "C-29")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_that_does_not_close_its_side_is_cut_off(bool tls)
    {
        await using var scene = await Cast(tls);
        var juliet = await LogIn(scene, "juliet", tls);
        var server = await scene.Server();
        var open = server.Services.GetRequiredService<OpenConnections>();
        await juliet.Send("<nonsense xmlns='urn:example'/>");
        (await juliet.StreamError()).ShouldBe("unsupported-stanza-type");
        open.Count.ShouldBe(1, "it may still say goodbye");

        server.Clock.Advance(TimeSpan.FromSeconds(6));
        await Until(() => open.Count == 0);
    }

    [Fact]
    [Trait("Requirement", "C-222")]
    public async Task A_client_that_sends_faster_than_it_may_is_read_later_and_not_refused()
    {
        await using var scene = await Cast(tls: false, options => options with { LimitsOwnMachine = true, MaxStanzasPerSecond = 10, PlaintextForDevelopment = true });
        var juliet = await LogIn(scene, "juliet", tls: false);
        var other = await LogIn(scene, "romeo", tls: false);
        using var quiet = scene.Conversation.Pause();
        await juliet.Send(Pings(0, 80));
        await ReadPings(juliet, 0, 80);

        await juliet.Send(Pings(80, 130));
        await other.Fence();
        await juliet.Send(Pings(130, 131));
        var answered = ReadPings(juliet, 80, 131);
        for (var round = 0; round < 10; round++)
        {
            await other.Fence();
        }

        answered.IsCompleted.ShouldBeFalse("ten seconds' worth was taken");

        // Never so far that what is on its way counts as not read (half a minute).
        var clock = (await scene.Server()).Clock;
        for (var second = 0; second < 20 && !answered.IsCompleted; second++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await other.Fence();
        }

        await answered;
    }

    private static string Pings(int from, int to) =>
        string.Concat(Enumerable.Range(from, to - from).Select(number => $"<iq type='get' id='{number}' to='localhost'><ping xmlns='{Ns.Ping}'/></iq>"));

    private static async Task ReadPings(Actor actor, int from, int to)
    {
        for (var number = from; number < to; number++)
        {
            (await actor.Receive()).ShouldNotBeNull()["id"].ShouldBe(number.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static async Task<Scene> Cast(bool tls, Func<XmppServerOptions, XmppServerOptions>? change = null)
    {
        var scene = new Scene();
        scene.Options = scene.Options with { PlaintextForDevelopment = !tls };
        scene.Options = change?.Invoke(scene.Options) ?? scene.Options;
        var server = await scene.Server();
        await server.Stores.Accounts.Add(TestCredentials.Of("juliet@localhost"));
        await server.Stores.Accounts.Add(TestCredentials.Of("romeo@localhost"));
        return scene;
    }

    private static async Task<Actor> LogIn(Scene scene, string name, bool tls)
    {
        var actor = tls ? await scene.OpenSecured(name) : await scene.Open(name);
        (await actor.Authenticate(new PlainClient(name, TestCredentials.Password))).ShouldBe("success");
        await actor.Bind("here");
        await actor.Send("<presence/>");
        await actor.Fence();
        actor.Drop(stanza => stanza.Name == "presence");
        return actor;
    }

    private static async Task<List<string>> ReadMessages(Actor actor)
    {
        await actor.Fence();
        var ids = actor.Kept.Where(stanza => stanza.Is("message", Ns.Client)).Select(stanza => stanza["id"]!).ToList();
        actor.Drop(_ => true);
        return ids;
    }

    private static int Number(string id) => int.Parse(id, CultureInfo.InvariantCulture);

    private static async Task SessionsEnd(Scene scene, string account)
    {
        var directory = (await scene.Server()).Services.GetRequiredService<AccountDirectory>();
        await Until(() => directory.FindLoaded(account) is not { Sessions.IsEmpty: false });
    }

    private static async Task Until(Func<bool> so)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!so())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
