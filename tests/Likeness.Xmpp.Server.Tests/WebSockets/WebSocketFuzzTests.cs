using System.Net.Sockets;
using System.Text;
using Likeness.Xmpp.Server.Tests.Hosting;
using Likeness.Xmpp.Server.Tests.Play;

namespace Likeness.Xmpp.Server.Tests.WebSockets;

/// <summary>Spoilt WebSockets against the live server: each ends by itself, what is answered is whole, and nobody else notices (C-2D, W-9).</summary>
public sealed class WebSocketFuzzTests
{
    [Theory]
    [Trait("Requirement", "W-9")]
    [InlineData(1)]
    [InlineData(2)]
    public Task Spoilt_sockets_end_and_disturb_nobody(int seed) => Spoil(seed, 150);

    [Theory]
    [Trait("Category", "Long")]
    [InlineData(3)]
    public Task Many_spoilt_sockets_end_and_disturb_nobody(int seed) => Spoil(seed, 20_000);

    private static async Task Spoil(int seed, int rounds)
    {
        var random = new Random(seed);
        await using var scene = await WebSocketStreamTests.Cast();
        var server = await scene.Server();
        await using var witness = await WebClient.LoggedIn(server, "juliet", "witness");
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var round = 0; round < rounds; round++)
        {
            var spoilt = Spoilt(random);
            var shown = $"seed {seed}, round {round}: {Convert.ToHexString(spoilt)}";
            foreach (var frame in await Answer(server, spoilt, shown))
            {
                frame.Text.ShouldNotContain("internal-server-error", Case.Sensitive, shown);
            }
        }

        await witness.Fence();
        server.Log.Errors.ShouldBeEmpty();
        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(64 * 1024 * 1024);
    }

    private static byte[] Spoilt(Random random)
    {
        var login = Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0romeo\0{TestCredentials.Password}"));
        string[] messages =
        [
            WebClient.OpenStream,
            $"<auth xmlns='{Ns.Sasl}' mechanism='PLAIN'>{login}</auth>",
            WebClient.OpenStream,
            $"<iq xmlns='jabber:client' type='set' id='b'><bind xmlns='{Ns.Bind}'/></iq>",
            "<message xmlns='jabber:client' to='romeo@localhost/nowhere'><body>A &amp; B &#x263A;</body><x xmlns='urn:x'><y a='1'/></x></message>",
            $"<iq xmlns='jabber:client' type='get' id='p' to='localhost'><ping xmlns='{Ns.Ping}'/></iq>",
            WebClient.CloseStream,
        ];
        var bytes = new List<byte>();
        foreach (var message in messages)
        {
            var text = Encoding.UTF8.GetBytes(message);
            var cut = random.Next(text.Length);
            bytes.AddRange(random.Next(3) == 0
                ? [.. RawWebSocket.Frame(RawWebSocket.Text, text.AsSpan(0, cut), isLast: false), .. RawWebSocket.Frame(RawWebSocket.Ping, "?"u8), .. RawWebSocket.Frame(0, text.AsSpan(cut))]
                : RawWebSocket.Frame(message));
        }

        return [.. Spoiling.Spoil(bytes, random, random.Next(1, 4)), .. RawWebSocket.Frame(RawWebSocket.Close, [0x03, 0xE8])];
    }

    // Whole frames until the end; when the server waits for more, because a length was spoilt, our side ends.
    private static async Task<List<RawFrame>> Answer(TestServer server, byte[] sent, string shown)
    {
        await using var socket = await RawWebSocket.Connect(server);
        List<RawFrame> come = [];
        try
        {
            await socket.Send(sent);
            socket.EndOfSending();
            while (await socket.Receive() is { } frame)
            {
                come.Add(frame);
            }
        }
        catch (IOException)
        {
            // Reset: the server had ended with input unread.
        }
        catch (OperationCanceledException)
        {
            throw new TranscriptException($"It hung. {shown}");
        }

        return come;
    }
}
