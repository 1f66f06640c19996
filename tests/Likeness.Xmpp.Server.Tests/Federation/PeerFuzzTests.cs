using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Likeness.Xmpp.Server.Tests.Hosting;
using Likeness.Xmpp.Server.Tests.Play;

namespace Likeness.Xmpp.Server.Tests.Federation;

/// <summary>Spoilt streams of other servers, those that connect and those that are called: each ends by itself, and nobody else notices.</summary>
public sealed partial class PeerFuzzTests
{
    private const string Domain = "spoilt.example";
    private const string Header = $"<?xml version='1.0'?><stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams' xmlns:db='jabber:server:dialback' from='{Domain}' to='localhost' id='x' version='1.0'>";
    private static readonly string[] Snippets = ["<!--", "&", "&#0;", "]]>", "<", ">", "'", "\0", "\uFFFE", "<?x ?>", "<!DOCTYPE a>", " xmlns=''", "</stream:stream>", " type='valid'", "<db:result/>", "<db:verify/>", " from='localhost'"];

    [Theory]
    [Trait("Requirement", "F-41")]
    [InlineData(1)]
    [InlineData(2)]
    public Task Spoilt_servers_that_connect_end_and_disturb_nobody(int seed) => Connect(seed, 100);

    [Theory]
    [Trait("Category", "Long")]
    [InlineData(3)]
    public Task Many_spoilt_servers_end_and_disturb_nobody(int seed) => Connect(seed, 10_000);

    [Theory]
    [Trait("Requirement", "F-41")]
    [InlineData(4)]
    public async Task Whoever_writes_to_a_spoilt_server_is_told_or_heard(int seed)
    {
        var random = new Random(seed);
        await using var scene = await Witnesses();
        var juliet = scene.Actor("juliet/balcony");
        var whole = Encoding.UTF8.GetBytes(Header
            + "<stream:features><dialback xmlns='urn:xmpp:features:dialback'><errors/></dialback></stream:features>"
            + $"<db:result from='{Domain}' to='localhost' type='valid'/>");
        for (var round = 0; round < 60; round++)
        {
            var domain = $"of{round}.example";
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            scene.Routes[domain] = new DnsEndPoint("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port);
            await juliet.Send($"<message to='romeo@{domain}' type='chat' id='{round}'><body>Art thou there?</body></message>");
            using var called = await listener.AcceptSocketAsync(TestContext.Current.CancellationToken);

            // What a stream does not take before it ends is tried once more, with a new one: that is refused.
            listener.Stop();
            var spoilt = Spoiling.Spoil(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(whole).Replace(Domain, domain, StringComparison.Ordinal)), random, random.Next(0, 4), Snippets);
            await called.SendAsync(spoilt);
            called.Shutdown(SocketShutdown.Send);
            var heard = await ReadToEnd(called);
            if (!heard.Contains("Art thou there?", StringComparison.Ordinal))
            {
                (await juliet.Until(stanza => stanza["id"] == $"{round}"))["type"].ShouldBe("error", Encoding.Latin1.GetString(spoilt));
            }
        }

        (await scene.Server()).Log.Errors.ShouldBeEmpty();
    }

    private static async Task Connect(int seed, int rounds)
    {
        var random = new Random(seed);
        await using var scene = await Witnesses();
        using var authority = new TcpListener(IPAddress.Loopback, 0);
        authority.Start();
        scene.Routes[Domain] = new DnsEndPoint("127.0.0.1", ((IPEndPoint)authority.LocalEndpoint).Port);
        _ = SayYes(authority);
        var server = await scene.Server();
        var whole = Encoding.UTF8.GetBytes(Header
            + $"<bidi xmlns='urn:xmpp:bidi'/><db:result from='{Domain}' to='localhost'>a key</db:result>"
            + $"<db:verify from='{Domain}' to='localhost' id='1'>another</db:verify>"
            + $"<message from='a@{Domain}/r' to='juliet@localhost' xml:lang='en'><body>A &amp; B &#x263A;</body><x xmlns='urn:x'><y a='1' b='2'/></x></message>"
            + $"<presence from='a@{Domain}/r' to='verona@rooms.localhost/a'><status>here</status></presence>"
            + $"<iq type='get' id='p' from='{Domain}' to='localhost'><ping xmlns='{Ns.Ping}'/></iq>");
        for (var round = 0; round < rounds; round++)
        {
            var spoilt = Spoiling.Spoil(whole, random, random.Next(0, 4), Snippets);
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(server.Peers);
            await socket.SendAsync(spoilt);
            socket.Shutdown(SocketShutdown.Send);
            (await ReadToEnd(socket)).ShouldNotContain("internal-server-error", Case.Sensitive, $"seed {seed}, round {round}: {Encoding.Latin1.GetString(spoilt)}");
        }

        await scene.Actor("juliet/balcony").Fence();
        server.Log.Errors.ShouldBeEmpty();
    }

    private static async Task<Scene> Witnesses()
    {
        var scene = new Scene();
        await Performance.Play(scene, Transcript.Parse("witnesses", ["servers talk to each other", "juliet is a user", "juliet/balcony comes online"]));
        return scene;
    }

    // Whatever is asked is verified.
    private static async Task SayYes(TcpListener listener)
    {
        try
        {
            while (true)
            {
                var called = await listener.AcceptSocketAsync();
                _ = Answer(called);
            }
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private static async Task Answer(Socket called)
    {
        using var own = called;
        try
        {
            await called.SendAsync(Encoding.UTF8.GetBytes(Header + "<stream:features/>"));
            var text = new StringBuilder();
            var buffer = new byte[4096];
            while (await called.ReceiveAsync(buffer) is > 0 and var count)
            {
                text.Append(Encoding.UTF8.GetString(buffer, 0, count));
                if (Asked().Match(text.ToString()) is { Success: true } asked)
                {
                    await called.SendAsync(Encoding.UTF8.GetBytes($"<db:verify from='{asked.Groups["to"].Value}' to='{asked.Groups["from"].Value}' id='{asked.Groups["id"].Value}' type='valid'/></stream:stream>"));
                    text.Clear();
                }
            }
        }
        catch (SocketException)
        {
            // Cut off.
        }
    }

    private static async Task<string> ReadToEnd(Socket socket)
    {
        var text = new StringBuilder();
        var buffer = new byte[8192];
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        try
        {
            while (await socket.ReceiveAsync(buffer, late.Token) is > 0 and var count)
            {
                text.Append(Encoding.UTF8.GetString(buffer, 0, count));
            }
        }
        catch (SocketException)
        {
            // Reset is an end, too.
        }

        return text.ToString();
    }

    [GeneratedRegex("<db:verify from='(?<from>[^']*)' to='(?<to>[^']*)' id='(?<id>[^']*)'")]
    private static partial Regex Asked();
}
