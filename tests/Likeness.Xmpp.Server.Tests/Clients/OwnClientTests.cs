using System.Net;
using System.Net.Sockets;
using Likeness.Xmpp.Client;
using Likeness.Xmpp.Client.Avatars;
using Likeness.Xmpp.Server.Tests.Hosting;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Tests.Clients;

/// <summary>The client of the library against the server beside it.</summary>
public sealed class OwnClientTests
{
    [Theory]
    [InlineData("STARTTLS")]
    [InlineData("TLS first")]
    [InlineData("WebSocket")]
    public async Task It_logs_in_asks_and_hears(string way)
    {
        await using var server = await Start();
        await using var juliet = await LogIn(server, "juliet", way);
        await using var romeo = await LogIn(server, "romeo", way);
        await juliet.Roster.Load(TestContext.Current.CancellationToken);
        juliet.Roster.Contacts.ShouldBeEmpty();
        (await juliet.Discovery.Info(cancellationToken: TestContext.Current.CancellationToken)).Is("pubsub", "pep").ShouldBeTrue();
        await romeo.Send(Message(juliet, "hello"), TestContext.Current.CancellationToken);
        (await juliet.Expect(stanza => stanza.Name == "message", TestContext.Current.CancellationToken)).Child("body")!.Text().ShouldBe("hello");
    }

    [Theory]
    [InlineData("STARTTLS", null)]
    [InlineData("STARTTLS", "balcony")]
    [InlineData("WebSocket", null)]
    public async Task A_lost_connection_is_made_anew_and_nothing_is_lost_or_doubled(string way, string? resource)
    {
        await using var server = await Start();
        await using var relay = new Relay(way == "WebSocket" ? server.Web : server.EndPoint);
        await using var juliet = await XmppClient.Connect(Options(server, "juliet", way, relay.EndPoint, resource), TestContext.Current.CancellationToken);
        await using var romeo = await LogIn(server, "romeo", "STARTTLS");
        juliet.BeganAnew += _ => throw new InvalidOperationException("The session was to go on.");
        for (var round = 0; round < 3; round++)
        {
            relay.Cut();
            await romeo.Send(Message(juliet, $"to {round}"), TestContext.Current.CancellationToken);
            await juliet.Send(Message(romeo, $"back {round}"), TestContext.Current.CancellationToken);
        }

        for (var round = 0; round < 3; round++)
        {
            (await juliet.Expect(IsMessage, TestContext.Current.CancellationToken)).Child("body")!.Text().ShouldBe($"to {round}");
            (await romeo.Expect(IsMessage, TestContext.Current.CancellationToken)).Child("body")!.Text().ShouldBe($"back {round}");
        }

        static bool IsMessage(Element stanza) => stanza.Name == "message";
    }

    [Fact]
    [Trait("Requirement", "X84-29")]
    public async Task Both_avatar_nodes_of_somebody_are_found_by_whoever_may_read_them()
    {
        await using var server = await Start();
        await using var juliet = await LogIn(server, "juliet", "STARTTLS");
        await using var romeo = await LogIn(server, "romeo", "STARTTLS");
        (await Nodes()).ShouldBeEmpty();
        var publisher = new AvatarPublisher(juliet);
        await publisher.Publish(Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR42mP4z8AAAAMBAQD3A0FDAAAAAElFTkSuQmCC"), cancellationToken: TestContext.Current.CancellationToken);
        (await Nodes()).ShouldBe([Ns.AvatarData, Ns.AvatarMetadata], ignoreOrder: true);
        await publisher.SetAccess("presence", TestContext.Current.CancellationToken);
        (await Nodes()).ShouldBeEmpty();

        async Task<string?[]> Nodes() => [.. (await romeo.Discovery.Items(juliet.Address.Bare, TestContext.Current.CancellationToken)).Select(item => item.Node).Where(node => node?.StartsWith("urn:xmpp:avatar:", StringComparison.Ordinal) == true)];
    }

    [Fact]
    public async Task A_login_is_bound_to_its_connection_by_password_and_by_token()
    {
        await using var server = await Start();
        var options = Options(server, "juliet", "TLS first") with { ClientId = Guid.NewGuid() };
        await using var client = await XmppClient.Connect(options, TestContext.Current.CancellationToken);
        client.Token.ShouldNotBeNull().Mechanism.ShouldBe("HT-SHA-256-EXPR");
        await using var again = await XmppClient.Connect(options with { Password = null, Token = client.Token with { Expires = null } }, TestContext.Current.CancellationToken);
        again.Address.Local.ShouldBe("juliet");
    }

    [Fact]
    [Trait("Requirement", "K-31")]
    public async Task A_token_logs_in_without_the_password()
    {
        await using var server = await Start();
        var options = Options(server, "juliet", "TLS first") with { ClientId = Guid.NewGuid() };
        FastToken? token;
        await using (var client = await XmppClient.Connect(options, TestContext.Current.CancellationToken))
        {
            // The server's clock stands in the past.
            token = client.Token.ShouldNotBeNull();
        }

        await using var again = await XmppClient.Connect(options with { Password = null, Token = token with { Expires = null } }, TestContext.Current.CancellationToken);
        again.Address.Local.ShouldBe("juliet");
    }

    [Fact]
    public async Task A_token_that_is_worth_nothing_gives_way_to_the_password()
    {
        await using var server = await Start();
        var options = Options(server, "juliet", "TLS first") with { ClientId = Guid.NewGuid(), Token = new FastToken("HT-SHA-256-ENDP", "made-up", null) };
        await using var client = await XmppClient.Connect(options, TestContext.Current.CancellationToken);
        client.Token.ShouldNotBeNull().Text.ShouldNotBe("made-up");
    }

    private static async Task<TestServer> Start()
    {
        var server = await TestServer.Start(new XmppServerOptions { PlaintextForDevelopment = true, FailureDelay = TimeSpan.Zero });
        foreach (var name in new[] { "juliet", "romeo" })
        {
            await server.Stores.Accounts.Add(TestCredentials.Of($"{name}@{TestServer.Domain}"));
        }

        return server;
    }

    private static Task<XmppClient> LogIn(TestServer server, string name, string way) =>
        XmppClient.Connect(Options(server, name, way), TestContext.Current.CancellationToken);

    private static XmppClientOptions Options(TestServer server, string name, string way, IPEndPoint? at = null, string? resource = null)
    {
        at ??= way switch { "TLS first" => server.DirectTls, "WebSocket" => server.Web, _ => server.EndPoint };
        return new XmppClientOptions
        {
            Account = Jid.Parse($"{name}@{TestServer.Domain}{(resource is null ? "" : "/" + resource)}"),
            Password = TestCredentials.Password,
            Host = "127.0.0.1",
            Port = at.Port,
            DirectTls = way == "TLS first",
            WebSocket = way == "WebSocket" ? new Uri($"ws://127.0.0.1:{at.Port}/xmpp-websocket") : null,
            RequireTls = way != "WebSocket",
            AcceptCertificate = XmppClientOptions.AcceptAny,
        };
    }

    private static Element Message(XmppClient to, string body) =>
        new Element("message", Ns.Client).Set("type", "chat").Set("to", to.Address.Text).Add("body", body);

    /// <summary>A line to a server that can be cut, and is there again at once.</summary>
    private sealed class Relay : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly IPEndPoint _server;
        private readonly List<Socket> _sockets = [];
        private readonly Task _accepting;

        public Relay(IPEndPoint server)
        {
            _server = server;
            _listener.Start();
            _accepting = Accept();
        }

        public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndpoint;

        public void Cut()
        {
            lock (_sockets)
            {
                foreach (var socket in _sockets)
                {
                    socket.Close(0);
                }

                _sockets.Clear();
            }
        }

        public async ValueTask DisposeAsync()
        {
            _listener.Stop();
            Cut();
            await _accepting;
        }

        private async Task Accept()
        {
            try
            {
                while (true)
                {
                    var client = await _listener.AcceptSocketAsync();
                    var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
                    await server.ConnectAsync(_server);
                    lock (_sockets)
                    {
                        _sockets.AddRange([client, server]);
                    }

                    _ = Copy(client, server);
                    _ = Copy(server, client);
                }
            }
            catch (Exception over) when (over is SocketException or ObjectDisposedException)
            {
                // The test is over.
            }
        }

        private static async Task Copy(Socket from, Socket to)
        {
            try
            {
                var buffer = new byte[4096];
                while (await from.ReceiveAsync(buffer) is > 0 and var read)
                {
                    await to.SendAsync(buffer.AsMemory(0, read));
                }

                to.Shutdown(SocketShutdown.Send);
            }
            catch (Exception cut) when (cut is SocketException or ObjectDisposedException)
            {
                // It was cut.
            }
        }
    }
}
