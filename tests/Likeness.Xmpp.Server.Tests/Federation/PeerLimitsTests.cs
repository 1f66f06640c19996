using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Likeness.Xmpp.Server.Connections;
using Likeness.Xmpp.Server.Tests.Hosting;
using Likeness.Xmpp.Server.Tests.Play;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Xmpp.Server.Tests.Federation;

/// <summary>What other servers may take of this one, and what this one takes of itself to reach them.</summary>
public sealed class PeerLimitsTests
{
    private const string Pinging = "montague.example";

    [Fact]
    [Trait("Requirement", "F-26")]
    public async Task One_client_has_ten_connections_without_a_name_and_opens_thirty_a_minute()
    {
        await using var scene = new Scene();
        scene.Options = scene.Options with { LimitsOwnMachine = true };
        await Performance.Play(scene, Transcript.Parse("cast", ["servers talk to each other"]));
        var server = await scene.Server();
        var open = new Queue<Socket>();
        for (var number = 0; number < 10; number++)
        {
            open.Enqueue((await Connect(server, "127.0.0.1")).ShouldNotBeNull());
        }

        (await Connect(server, "127.0.0.1")).ShouldBeNull("there are ten");
        using var other = (await Connect(server, "127.0.0.2")).ShouldNotBeNull();
        for (var number = 11; number < 30; number++)
        {
            await Close(server, open.Dequeue());
            open.Enqueue((await Connect(server, "127.0.0.1")).ShouldNotBeNull());
        }

        await Close(server, open.Dequeue());
        (await Connect(server, "127.0.0.1")).ShouldBeNull("thirty have come");
        server.Clock.Advance(TimeSpan.FromSeconds(3));
        open.Enqueue((await Connect(server, "127.0.0.1")).ShouldNotBeNull("one has become free"));
        foreach (var socket in open)
        {
            socket.Dispose();
        }
    }

    [Fact]
    [Trait("Requirement", "F-26")]
    public async Task All_connections_of_a_domain_share_what_it_may_send()
    {
        await using var scene = new Scene();
        scene.Options = scene.Options with { LimitsOwnMachine = true };
        await Performance.Play(scene, Transcript.Parse("cast", ["servers talk to each other", "a server sends 10 stanzas a second", "one is the server montague.example", "another is the server montague.example", "third is the server verona.example"]));
        var (one, another, third) = (scene.Actor("one"), scene.Actor("another"), scene.Actor("third"));
        using var quiet = scene.Conversation.Pause();
        await one.Send(Pings(0, 80));
        await ReadPings(one, 0, 80);

        await another.Send(Pings(80, 130));
        await third.Fence();
        await another.Send(Pings(130, 131));

        // Answers go by the connection that can be written to and was there first.
        var answered = ReadPings(one, 80, 131);
        for (var round = 0; round < 10; round++)
        {
            await third.Fence();
        }

        answered.IsCompleted.ShouldBeFalse("ten seconds' worth was taken, over both connections");
        var clock = (await scene.Server()).Clock;
        for (var second = 0; second < 20 && !answered.IsCompleted; second++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await third.Fence();
        }

        await answered;
    }

    [Fact]
    [Trait("Requirement", "F-30")]
    public async Task A_login_calls_twenty_servers_at_once_and_no_more()
    {
        await using var scene = new Scene();
        var contacts = Enumerable.Range(0, 30).Select(number => $"romeo@of{number}.example").ToArray();
        await Performance.Play(scene, Transcript.Parse("cast", ["servers talk to each other", "all.example listens", "juliet is a user", .. contacts.Select(contact => $"juliet and {contact} are contacts")]));
        foreach (var contact in contacts)
        {
            scene.Routes[contact.Split('@')[1]] = scene.Routes["all.example"];
        }

        await Performance.Play(scene, Transcript.Parse("login", ["juliet/balcony comes online"]));
        var peers = TwoServers.PeersOf(await scene.Server());
        var called = new Queue<Actor>();
        while (called.Count < 20)
        {
            called.Enqueue(await Called(scene));
        }

        peers.Links.Count(link => link.State.IsConnecting).ShouldBe(30);
        peers.OpenStreams.Count().ShouldBe(20);
        scene.Listeners["all.example"].Pending().ShouldBeFalse();
        for (var number = 20; number < 30; number++)
        {
            await called.Dequeue().HangUp();
            called.Enqueue(await Called(scene));
        }

        while (called.TryDequeue(out var last))
        {
            await last.HangUp();
        }

        await scene.Actor("juliet/balcony").Fence();
        scene.Actor("juliet/balcony").Kept.ShouldBeEmpty();
    }

    private static async Task<Actor> Called(Scene scene)
    {
        var actor = await scene.Accept(Guid.NewGuid().ToString(), "all.example");
        (await actor.Receive()).ShouldNotBeNull();
        return actor;
    }

    // Null: it was cut off before anything was said.
    private static async Task<Socket?> Connect(TestServer server, string from)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        try
        {
            await socket.ConnectAsync(server.Peers);
            await socket.SendAsync("<?xml version='1.0'?><stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams' from='montague.example' to='localhost' version='1.0'>"u8.ToArray());
            using var late = new CancellationTokenSource(TimeSpan.FromSeconds(15));
            if (await socket.ReceiveAsync(new byte[4096], late.Token) > 0)
            {
                return socket;
            }
        }
        catch (SocketException)
        {
            // Reset.
        }

        socket.Dispose();
        return null;
    }

    private static async Task Close(TestServer server, Socket socket)
    {
        var open = server.Services.GetRequiredService<OpenConnections>();
        var before = open.Count;
        await socket.SendAsync("</stream:stream>"u8.ToArray());
        socket.Shutdown(SocketShutdown.Send);
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        while (await socket.ReceiveAsync(new byte[4096], late.Token) > 0)
        {
            // Until its end.
        }

        socket.Dispose();
        while (open.Count == before)
        {
            late.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private static string Pings(int from, int to) => string.Concat(Enumerable.Range(from, to - from).Select(number =>
        $"<iq type='get' id='{number}' from='{Pinging}' to='localhost'><ping xmlns='{Ns.Ping}'/></iq>"));

    private static async Task ReadPings(Actor actor, int from, int to)
    {
        var missing = Enumerable.Range(from, to - from).Select(number => number.ToString(CultureInfo.InvariantCulture)).ToHashSet();
        while (missing.Count > 0)
        {
            missing.Remove((await actor.Receive()).ShouldNotBeNull()["id"]!).ShouldBeTrue();
        }
    }
}
