using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Likeness.Xmpp.Server.Connections;
using Likeness.Xmpp.Server.Tests.Hosting;
using Likeness.Xmpp.Server.Tests.Play;

namespace Likeness.Xmpp.Server.Tests.Streams;

public sealed class ConnectionLimitsTests
{
    [Theory]
    [Trait("Requirement", "C-222")]
    [InlineData("192.0.2.1", "192.0.2.1", "192.0.2.2")]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", "::ffff:192.0.2.2")]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:3::1")]
    public void One_client_has_so_many_connections_and_leaves_the_others_theirs(string client, string same, string other)
    {
        var limits = new ConnectionLimits(new XmppServerOptions { MaxConnectionsPerClient = 2, MaxConnections = 3 });
        limits.TryEnter(IPAddress.Parse(client)).ShouldBeTrue();
        limits.TryEnter(IPAddress.Parse(same)).ShouldBeTrue();
        limits.TryEnter(IPAddress.Parse(client)).ShouldBeFalse();
        limits.TryEnter(IPAddress.Parse(other)).ShouldBeTrue();
        limits.TryEnter(IPAddress.Parse("203.0.113.9")).ShouldBeFalse("three in all");

        limits.Leave(IPAddress.Parse(same));
        limits.TryEnter(IPAddress.Parse(client)).ShouldBeTrue();
        limits.Count.ShouldBe(3);
    }

    [Fact]
    [Trait("Requirement", "C-222")]
    public async Task A_connection_too_many_is_closed_before_anything_is_said_and_one_that_ends_makes_room()
    {
        await using var scene = new Scene();
        scene.Options = scene.Options with { LimitsOwnMachine = true, MaxConnectionsPerClient = 2 };
        await scene.Open("first");
        var second = await scene.Open("second");
        (await IsLetIn(scene, "third")).ShouldBeFalse();

        await second.Send("</stream:stream>");
        while (await second.Receive() is not null)
        {
            // The server's own goodbye.
        }

        await second.DisposeAsync();
        while (!await IsLetIn(scene, "fourth"))
        {
            // The server has not yet seen that the second one is gone.
        }
    }

    [Theory]
    [Trait("Requirement", "C-4")]
    [InlineData("xmpp-client", true)]
    [InlineData(null, true)]
    [InlineData("http/1.1", false)]
    public async Task Direct_TLS_begins_with_the_handshake_and_takes_its_own_protocol_or_none(string? protocol, bool isTaken)
    {
        await using var scene = new Scene();
        scene.Options = scene.Options with { PlaintextForDevelopment = false };
        var server = await scene.Server();
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server.DirectTls);
        await using var tls = new SslStream(new NetworkStream(socket), false, (_, shown, _, _) => shown?.GetCertHashString() == TestCertificate.Context.TargetCertificate.GetCertHashString());
        var handshake = tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            ApplicationProtocols = protocol is null ? null : [new SslApplicationProtocol(protocol)],
        });
        if (!isTaken)
        {
            await Should.ThrowAsync<Exception>(handshake);
            return;
        }

        await handshake;
        tls.NegotiatedApplicationProtocol.ToString().ShouldBe(protocol ?? "");
        await tls.WriteAsync("<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='localhost' version='1.0'>"u8.ToArray());
        var text = "";
        var buffer = new byte[4096];
        while (!text.Contains("</stream:features>", StringComparison.Ordinal))
        {
            var read = await tls.ReadAsync(buffer);
            read.ShouldBeGreaterThan(0, text);
            text += Encoding.UTF8.GetString(buffer, 0, read);
        }

        text.ShouldContain("SCRAM-SHA-256-PLUS");
        text.ShouldNotContain("starttls");
    }

    [Theory]
    [Trait("Requirement", "C-4")]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Who_begins_no_handshake_or_stops_in_the_middle_of_it_is_cut_off(int said)
    {
        await using var scene = new Scene();
        scene.Options = scene.Options with { NegotiationTimeout = TimeSpan.FromDays(1) };
        var server = await scene.Server();
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server.DirectTls);
        await socket.SendAsync(new byte[] { 0x16, 0x03 }[..said]);
        var end = socket.ReceiveAsync(new byte[1]);
        var seconds = 0;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!end.IsCompleted)
        {
            limit.Token.ThrowIfCancellationRequested();
            server.Clock.Advance(TimeSpan.FromSeconds(1));
            seconds++;
            await Task.Yield();
        }

        seconds.ShouldBeGreaterThanOrEqualTo(10);
        scene.ServerErrors.ShouldBeEmpty();
    }

    /// <summary>False: the server hung up before it said anything, maybe before the connection was made as this side sees it.</summary>
    private static async Task<bool> IsLetIn(Scene scene, string name)
    {
        try
        {
            var actor = await scene.Connect(name);
            await actor.OpenStream();
            return !actor.IsOver;
        }
        catch (SocketException reset) when (reset.SocketErrorCode == SocketError.ConnectionReset)
        {
            return false;
        }
    }
}
