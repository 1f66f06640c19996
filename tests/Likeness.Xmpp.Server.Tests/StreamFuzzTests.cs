using System.Net.Sockets;
using System.Text;
using Likeness.Xmpp.Server.Tests.Hosting;
using Likeness.Xmpp.Server.Tests.Play;

namespace Likeness.Xmpp.Server.Tests;

/// <summary>Spoilt streams against the live server: each ends by itself, and nobody else notices (C-2D, C-26, C-27).</summary>
public sealed class StreamFuzzTests
{
    private const string Header = "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='localhost' version='1.0'>";
    private const string Reset = "(reset)";
    private static readonly string[] Snippets = ["<!--", "<![CDATA[", "&", "&#0;", "]]>", "<", ">", "'", "\"", "\0", "\uFFFE", "<?x ?>", "<!DOCTYPE a>", " xmlns=''", "</stream:stream>", "xmlns:a='b' "];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public Task Spoilt_streams_end_and_disturb_nobody(int seed) => Spoil(seed, 150);

    [Theory]
    [Trait("Category", "Long")]
    [InlineData(3)]
    public Task Many_spoilt_streams_end_and_disturb_nobody(int seed) => Spoil(seed, 20_000);

    private static async Task Spoil(int seed, int rounds)
    {
        var random = new Random(seed);
        await using var scene = new Scene();
        await Performance.Play(scene, Transcript.Parse("witnesses", ["juliet and romeo are users", "romeo/orchard comes online", "juliet/balcony comes online"]));
        var server = await scene.Server();
        var whole = Encoding.UTF8.GetBytes(Conversation());
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var round = 0; round < rounds; round++)
        {
            var spoilt = Spoiling.Spoil(whole, random, random.Next(1, 5), Snippets);
            var answer = await Answer(server, spoilt);
            var shown = $"seed {seed}, round {round}: {Encoding.Latin1.GetString(spoilt)}\n\n{answer}";
            answer.ShouldNotBeNull(shown);
            answer.ShouldNotContain("internal-server-error", Case.Sensitive, shown);
            IsWhole(answer).ShouldBeTrue(shown);
        }

        await Performance.Play(scene, Transcript.Parse("witnesses",
        [
            "romeo/orchard forgets what it received",
            "juliet/balcony sends",
            "    <message to='romeo@localhost/orchard' id='still-here'/>",
            "romeo/orchard receives",
            "    <message id='still-here' from='juliet@localhost/balcony'/>",
        ]));
        server.Log.Errors.ShouldBeEmpty();
        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(64 * 1024 * 1024);
    }

    private static string Conversation()
    {
        var login = Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0romeo\0{TestCredentials.Password}"));
        return Header
            + $"<auth xmlns='{Ns.Sasl}' mechanism='PLAIN'>{login}</auth>"
            + Header
            + $"<iq type='set' id='b'><bind xmlns='{Ns.Bind}'/></iq>"
            + "<message to='romeo@localhost/nowhere' xml:lang='en'><body>A &amp; B &#x263A;</body><x xmlns='urn:x'><y a='1' b='2'/></x></message>"
            + "<presence to='tybalt@localhost/street'><status>here</status></presence>"
            + $"<iq type='get' id='p' to='localhost'><ping xmlns='{Ns.Ping}'/></iq>";
    }

    // Nothing was opened, or what was opened is closed; behind success no stream is open until the client's next header is whole.
    private static bool IsWhole(string answer) =>
        answer.Length == 0
        || answer.EndsWith("</stream:stream>", StringComparison.Ordinal)
        || answer.EndsWith($"<success xmlns='{Ns.Sasl}'/>", StringComparison.Ordinal)
        || answer.EndsWith(Reset, StringComparison.Ordinal);

    // Everything at once, then the end of our side: the server must close what it opened and end its own side. Null: it hung.
    private static async Task<string?> Answer(TestServer server, byte[] sent)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var socket = new Socket(server.EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server.EndPoint, timeout.Token);
        var answer = new StringBuilder();
        try
        {
            await socket.SendAsync(sent, timeout.Token);
            socket.Shutdown(SocketShutdown.Send);
            var buffer = new byte[8192];
            while (await socket.ReceiveAsync(buffer, timeout.Token) is var count and > 0)
            {
                answer.Append(Encoding.UTF8.GetString(buffer, 0, count));
            }
        }
        catch (SocketException)
        {
            // Reset: the server had ended the stream with input unread.
            return answer.Append(Reset).ToString();
        }
        catch (OperationCanceledException)
        {
            return null;
        }

        return answer.ToString();
    }
}
