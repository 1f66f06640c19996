using System.Net;
using System.Text;
using Likeness.Xmpp.Server.Connections;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Server.Tests.Hosting;
using Likeness.Xmpp.Server.Tests.Play;
using Likeness.Xmpp.Xml;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Xmpp.Server.Tests.WebSockets;

/// <summary>Clients that fall silent, vanish and come back, by whichever way.</summary>
public sealed class WebSocketLifeTests
{
    private const string Enable = "<enable xmlns='urn:xmpp:sm:3' resume='true'/>";

    [Fact]
    [Trait("Requirement", "W-8")]
    [Trait("Requirement", "C-174")]
    public async Task A_quiet_client_is_pinged_twice_a_minute_and_let_go_when_two_pings_are_not_answered()
    {
        await using var scene = await WebSocketStreamTests.Cast();
        var server = await scene.Server();
        await using var raw = await LoggedIn(server);

        var pings = new List<DateTimeOffset>();
        for (var seconds = 0; seconds < 100; seconds += 5)
        {
            server.Clock.Advance(TimeSpan.FromSeconds(5));
            var frame = await Fence(raw);
            if (frame is not null)
            {
                frame.Kind.ShouldBe(RawWebSocket.Ping);
                pings.Add(server.Clock.GetUtcNow());
            }
        }

        pings.Count.ShouldBeGreaterThanOrEqualTo(4);
        pings.Zip(pings.Skip(1), (one, next) => (next - one).TotalSeconds).ShouldAllBe(gap => gap >= 25 && gap <= 30);

        // Now it falls silent.
        List<RawFrame> end = [];
        for (var seconds = 0; seconds < 80; seconds += 5)
        {
            server.Clock.Advance(TimeSpan.FromSeconds(5));
        }

        end = await raw.ReceiveToEnd();
        end.Count(frame => frame.Kind == RawWebSocket.Ping).ShouldBe(2);
        end.ShouldContain(frame => frame.Text.Contains("connection-timeout"));
        scene.ServerErrors.ShouldBeEmpty();
    }

    [Theory]
    [Trait("Requirement", "W-5")]
    [Trait("Requirement", "W-7")]
    [Trait("Requirement", "C-174")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_whose_socket_ends_without_leave_comes_back_and_misses_nothing(bool isClosed)
    {
        await using var scene = await WebSocketStreamTests.Cast();
        var server = await scene.Server();
        await using var first = await WebClient.LoggedIn(server, "juliet", "web");
        var id = (await first.Ask(Enable))["id"].ShouldNotBeNull();
        await (isClosed ? first.CloseRudely() : Task.Run(first.Cut));
        await IsAway(server, "web");
        await Performance.Play(scene, Transcript.Parse("romeo",
        [
            "romeo/orchard connects",
            "romeo/orchard sends",
            "    <message to='juliet@localhost/web' type='chat' id='1'><body>Are you there?</body></message>",
        ]));
        await scene.FenceAll();

        await using var again = await WebClient.Authenticated(server, "juliet");
        var resumed = await again.Ask($"<resume xmlns='urn:xmpp:sm:3' previd='{id}' h='0'/>");

        resumed.Is("resumed", Ns.StreamManagement).ShouldBeTrue(again.Text);
        var message = (await again.Receive()).ShouldNotBeNull();
        message["id"].ShouldBe("1");
        scene.ServerErrors.ShouldBeEmpty();
    }

    [Fact]
    [Trait("Requirement", "R-2A")]
    [Trait("Requirement", "W-7")]
    public async Task A_session_moves_from_TCP_to_a_WebSocket_and_back_from_another_address()
    {
        await using var scene = await WebSocketStreamTests.Cast();
        var server = await scene.Server();
        await Performance.Play(scene, Transcript.Parse("tcp", ["juliet/balcony connects", "juliet/balcony can be resumed", "romeo/orchard connects"]));
        var id = scene.Actor("juliet/balcony").StreamId;
        scene.Actor("juliet/balcony").Cut();
        await IsAway(server, "balcony");
        var romeo = scene.Actor("romeo/orchard");
        await romeo.Send("<message to='juliet@localhost/balcony' type='chat' id='1'><body>one</body></message>");
        await romeo.Fence();

        await using var web = await WebClient.Authenticated(server, "juliet");
        (await web.Ask($"<resume xmlns='urn:xmpp:sm:3' previd='{id}' h='0'/>")).Is("resumed", Ns.StreamManagement).ShouldBeTrue();
        (await web.Receive()).ShouldNotBeNull()["id"].ShouldBe("1");
        await romeo.Send("<message to='juliet@localhost/balcony' type='chat' id='2'><body>two</body></message>");
        await romeo.Fence();
        (await web.Fence()).Where(element => element.Name == "message").ShouldHaveSingleItem()["id"].ShouldBe("2");
        web.Cut();
        await IsAway(server, "balcony");

        var back = await scene.Connect("juliet/balcony", IPAddress.Parse("127.0.0.7"));
        await LogInTo(back);
        // The answer to the fence was the third.
        await back.Send($"<resume xmlns='urn:xmpp:sm:3' previd='{id}' h='1'/>");
        (await back.Receive()).ShouldNotBeNull().Is("resumed", Ns.StreamManagement).ShouldBeTrue();
        (await back.Receive()).ShouldNotBeNull()["id"].ShouldBe("2");
        scene.ServerErrors.ShouldBeEmpty();
    }

    [Fact]
    [Trait("Requirement", "W-7")]
    [Trait("Requirement", "C-2B")]
    public async Task A_client_that_reads_nothing_is_let_go_and_what_it_asks_meanwhile_is_not_piled_up()
    {
        await using var scene = await WebSocketStreamTests.Cast();
        var server = await scene.Server();
        await using var raw = await LoggedIn(server);
        var romeo = await scene.Connect("romeo/orchard");
        await LogInTo(romeo);
        await romeo.Send($"<iq type='set' id='b'><bind xmlns='{Ns.Bind}'><resource>orchard</resource></bind></iq>");
        (await romeo.Receive()).ShouldNotBeNull();
        romeo.IsBound = true;
        using var quiet = scene.Conversation.Pause();
        var padding = new string('x', 128 * 1024);
        for (var number = 0; number < 100; number++)
        {
            await romeo.Send($"<message to='juliet@localhost/raw' type='chat' id='{number}'><body>{padding}</body></message>");
        }

        await romeo.Fence();
        var connections = server.Services.GetRequiredService<ConnectionLimits>();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (connections.Count > 1)
        {
            limit.Token.ThrowIfCancellationRequested();
            server.Clock.Advance(TimeSpan.FromSeconds(5));
            await Task.Yield();
        }

        scene.ServerErrors.ShouldBeEmpty();
    }

    private static async Task LogInTo(Actor actor)
    {
        await actor.OpenStream();
        (await actor.Receive()).ShouldNotBeNull();
        await actor.Send($"<auth xmlns='{Ns.Sasl}' mechanism='PLAIN'>{Plain(actor.Name.Split('/')[0])}</auth>");
        (await actor.Receive()).ShouldNotBeNull().Name.ShouldBe("success");
        await actor.OpenStream();
        (await actor.Receive()).ShouldNotBeNull();
    }

    private static string Plain(string user) => Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{user}\0{TestCredentials.Password}"));

    private static async Task<RawWebSocket> LoggedIn(TestServer server)
    {
        var raw = await RawWebSocket.Connect(server);
        string[] messages =
        [
            WebClient.OpenStream,
            $"<auth xmlns='{Ns.Sasl}' mechanism='PLAIN'>{Plain("juliet")}</auth>",
            WebClient.OpenStream,
            $"<iq xmlns='jabber:client' type='set' id='b'><bind xmlns='{Ns.Bind}'><resource>raw</resource></bind></iq>",
        ];
        foreach (var message in messages)
        {
            await raw.Send(RawWebSocket.Frame(message));
        }

        while ((await raw.Receive()).ShouldNotBeNull() is var answer && !answer.Text.Contains("juliet@localhost/raw"))
        {
            answer.Kind.ShouldBe(RawWebSocket.Text);
        }

        return raw;
    }

    // What came before the answer, if anything; a ping of the client's own is a sign of life, too.
    private static async Task<RawFrame?> Fence(RawWebSocket raw)
    {
        await raw.Send(RawWebSocket.Frame(RawWebSocket.Ping, "fence"u8));
        var first = (await raw.Receive()).ShouldNotBeNull();
        if (first.Kind == RawWebSocket.Pong)
        {
            return null;
        }

        (await raw.Receive()).ShouldNotBeNull().Kind.ShouldBe(RawWebSocket.Pong);
        return first;
    }

    private static async Task IsAway(TestServer server, string resource)
    {
        var accounts = server.Services.GetRequiredService<AccountDirectory>();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        while (accounts.FindLoaded("juliet@localhost")?.SessionOf(resource) is not { IsAway: true })
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
