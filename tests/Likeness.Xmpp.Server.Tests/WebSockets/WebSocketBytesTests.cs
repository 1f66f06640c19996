using System.Text;
using Likeness.Xmpp.Server.Connections;
using Likeness.Xmpp.Server.Tests.Hosting;
using Likeness.Xmpp.Server.Tests.Play;
using Likeness.Xmpp.Server.Tests.Streams;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Xmpp.Server.Tests.WebSockets;

/// <summary>What the bytes of a WebSocket may be (RFC 6455 §5), whoever sends them.</summary>
public sealed class WebSocketBytesTests
{
    public static TheoryData<string, byte[], int> Refused => new()
    {
        { "not masked", [0x81, 1, (byte)'<'], 1002 },
        { "compressed", [0xC1, 0x80, 0, 0, 0, 0], 1002 },
        { "an unknown kind", [0x83, 0x80, 0, 0, 0, 0], 1002 },
        { "an unknown kind of control", [0x8B, 0x80, 0, 0, 0, 0], 1002 },
        { "a ping in fragments", [0x09, 0x80, 0, 0, 0, 0], 1002 },
        { "a long ping", [0x89, 0xFE, 0, 126], 1002 },
        { "the rest of nothing", RawWebSocket.Frame(0, "<a/>"u8), 1002 },
        { "two beginnings", [.. RawWebSocket.Frame(RawWebSocket.Text, "<a"u8, isLast: false), .. RawWebSocket.Frame("<b/>")], 1002 },
        { "binary", RawWebSocket.Frame(RawWebSocket.Binary, "<a/>"u8), 1003 },
        { "no UTF-8", RawWebSocket.Frame(RawWebSocket.Text, [(byte)'<', 0xC3, 0x28]), 1007 },
        { "a promise of too much", [0x81, 0xFF, 0, 0, 0, 1, 0, 0, 0, 0, 1, 2, 3, 4], 1009 },
        { "a negative length", [0x81, 0xFF, 0xFF, 0, 0, 1, 0, 0, 0, 0, 1, 2, 3, 4], 1009 },
        { "fragments that are too much together", TooMuchInFragments(), 1009 },
    };

    [Theory]
    [Trait("Requirement", "W-9")]
    [MemberData(nameof(Refused))]
    public async Task Bytes_against_the_rules_are_refused_with_their_status(string what, byte[] bytes, int status)
    {
        await using var scene = await LoginSteps.Scene(tlsRequired: false);
        await using var socket = await RawWebSocket.Connect(await scene.Server());

        await socket.Send(bytes);

        var end = await socket.ReceiveToEnd();
        end[^1].Kind.ShouldBe(RawWebSocket.Close, what);
        end[^1].Status.ShouldBe(status, what);
        end[^2].Text.ShouldBe(WebClient.CloseStream, what);
        end[^3].Text.ShouldStartWith("<stream:error ", Case.Sensitive, what);
        scene.ServerErrors.ShouldBeEmpty();
    }

    [Theory]
    [Trait("Requirement", "W-2")]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task A_message_may_come_in_fragments_with_pings_between_them_and_in_any_pieces(int piece)
    {
        await using var scene = await LoginSteps.Scene(tlsRequired: false);
        await using var socket = await RawWebSocket.Connect(await scene.Server());
        var open = Encoding.UTF8.GetBytes(WebClient.OpenStream.Replace("/>", " xml:lang='grüße'/>"));
        // A letter of two bytes is cut in the middle.
        var cut = open.AsSpan().IndexOf((byte)0xC3) + 1;
        byte[] sent =
        [
            .. RawWebSocket.Frame(RawWebSocket.Text, open.AsSpan(0, 5), isLast: false),
            .. RawWebSocket.Frame(RawWebSocket.Ping, "there?"u8),
            .. RawWebSocket.Frame(0, [], isLast: false),
            .. RawWebSocket.Frame(0, open.AsSpan(5, cut - 5), isLast: false),
            .. RawWebSocket.Frame(RawWebSocket.Pong, []),
            .. RawWebSocket.Frame(0, open.AsSpan(cut)),
        ];
        for (var at = 0; at < sent.Length; at += piece)
        {
            await socket.Send(sent.AsMemory(at, Math.Min(piece, sent.Length - at)));
        }

        var pong = (await socket.Receive()).ShouldNotBeNull();
        (pong.Kind, pong.Text).ShouldBe((RawWebSocket.Pong, "there?"));
        (await socket.Receive()).ShouldNotBeNull().Text.ShouldStartWith("<open ");
        (await socket.Receive()).ShouldNotBeNull().Text.ShouldStartWith("<stream:features ");
    }

    [Fact]
    [Trait("Requirement", "W-5")]
    public async Task A_closed_socket_is_answered_even_before_the_stream()
    {
        await using var scene = await LoginSteps.Scene(tlsRequired: false);
        await using var socket = await RawWebSocket.Connect(await scene.Server());

        await socket.Send(RawWebSocket.Frame(RawWebSocket.Close, [0x03, 0xE9]));

        var answer = (await socket.ReceiveToEnd()).ShouldHaveSingleItem();
        (answer.Kind, answer.Status).ShouldBe((RawWebSocket.Close, 1000));
    }

    [Theory]
    [Trait("Requirement", "W-1")]
    [Trait("Requirement", "C-170")]
    [InlineData("", "dGhlIHNhbXBsZSBub25jZQ==", "13", "websocket", 400)]
    [InlineData("Sec-WebSocket-Protocol: mqtt, XMPP\r\n", "dGhlIHNhbXBsZSBub25jZQ==", "13", "websocket", 400)]
    [InlineData("Sec-WebSocket-Protocol: xmpp\r\n", "c2hvcnQ=", "13", "websocket", 400)]
    [InlineData("Sec-WebSocket-Protocol: xmpp\r\n", "dGhlIHNhbXBsZSBub25jZQ==", "8", "websocket", 426)]
    [InlineData("Sec-WebSocket-Protocol: xmpp\r\n", "dGhlIHNhbXBsZSBub25jZQ==", "13", "h2c", 426)]
    [InlineData("Sec-WebSocket-Protocol: mqtt, xmpp\r\n", "dGhlIHNhbXBsZSBub25jZQ==", "13", "WebSocket", 101)]
    [InlineData("Sec-WebSocket-Protocol: mqtt\r\nSec-WebSocket-Protocol: xmpp\r\n", "dGhlIHNhbXBsZSBub25jZQ==", "13", "websocket", 101)]
    public async Task Only_a_WebSocket_for_XMPP_is_opened(string protocols, string key, string version, string upgrade, int status)
    {
        await using var scene = await LoginSteps.Scene(tlsRequired: false);

        var (socket, answer) = await RawWebSocket.Handshake(await scene.Server(), protocols, key, version, upgrade);
        await using var _ = socket;

        answer.ShouldStartWith($"HTTP/1.1 {status} ");
        if (status == 101)
        {
            answer.ShouldContain("Sec-WebSocket-Protocol: xmpp\r\n");
            answer.ShouldNotContain("Sec-WebSocket-Extensions", Case.Insensitive);
        }
    }

    [Fact]
    [Trait("Requirement", "W-6")]
    [Trait("Requirement", "C-170")]
    public async Task Without_TLS_nobody_is_let_in()
    {
        await using var scene = await LoginSteps.Scene(tlsRequired: true);

        var (socket, answer) = await RawWebSocket.Handshake(await scene.Server(), "Sec-WebSocket-Protocol: xmpp\r\n");
        await using var _ = socket;

        answer.ShouldStartWith("HTTP/1.1 403 ");
    }

    [Fact]
    [Trait("Requirement", "W-7")]
    public async Task Connections_are_counted_with_those_of_TCP()
    {
        await using var scene = new Scene();
        scene.Options = scene.Options with { MaxConnectionsPerClient = 2, LimitsOwnMachine = true };
        var server = await scene.Server();
        await using var first = await RawWebSocket.Connect(server);
        await scene.Connect("juliet");
        // The second one is counted when it is answered.
        await scene.Actor("juliet").OpenStream();

        var (refused, answer) = await RawWebSocket.Handshake(server, "Sec-WebSocket-Protocol: xmpp\r\n");
        await using var _ = refused;
        answer.ShouldStartWith("HTTP/1.1 503 ");

        await first.Send(RawWebSocket.Frame(RawWebSocket.Close, []));
        (await first.ReceiveToEnd()).ShouldHaveSingleItem();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        while (server.Services.GetRequiredService<ConnectionLimits>().Count > 1)
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        await using var again = await RawWebSocket.Connect(server);
    }

    private static byte[] TooMuchInFragments()
    {
        var piece = new byte[3000];
        Array.Fill(piece, (byte)' ');
        piece[0] = (byte)'<';
        return
        [
            .. RawWebSocket.Frame(RawWebSocket.Text, piece, isLast: false),
            .. RawWebSocket.Frame(0, piece, isLast: false),
            .. RawWebSocket.Frame(0, piece, isLast: false),
            .. RawWebSocket.Frame(0, piece),
        ];
    }
}
