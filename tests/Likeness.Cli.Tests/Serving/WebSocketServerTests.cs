using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Xml.Linq;
using Likeness.Xmpp;

namespace Likeness.Cli.Tests.Serving;

/// <summary>Chats for browsers at a whole server: TLS of its own, or a web server in front.</summary>
public sealed class WebSocketServerTests : IDisposable
{
    private readonly TemporaryDirectory _data = new();

    public void Dispose() => _data.Dispose();

    [Theory]
    [Trait("Requirement", "W-1")]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Browsers_log_in_by_https_of_either_version(string version)
    {
        await using var server = await RunningServer.Start(_data.Path);
        (await LikenessProgram.Run("user", "add", "juliet@example.org", "--password-file", _data.Write("password", "correct horse"), "--data", _data.Path)).Code.ShouldBe(ExitCode.Done);
#pragma warning disable CA5359 // The server is of this test, its certificate made a moment ago.
        using var client = new HttpMessageInvoker(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true } });
#pragma warning restore CA5359
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("xmpp");
        socket.Options.HttpVersion = Version.Parse(version);
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        await socket.ConnectAsync(new Uri($"wss://{server.Host.Addresses.Https[0]}/xmpp-websocket"), client, Limit());

        (await Ask(socket, "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='example.org' version='1.0'/>")).ShouldStartWith("<open ");
        (await Receive(socket)).ShouldStartWith("<stream:features ");
        var login = Convert.ToBase64String(Encoding.UTF8.GetBytes("\0juliet\0correct horse"));
        (await Ask(socket, $"<auth xmlns='{Ns.Sasl}' mechanism='PLAIN'>{login}</auth>")).ShouldBe($"<success xmlns='{Ns.Sasl}'/>");
        (await Ask(socket, $"<close xmlns='{Ns.Framing}'/>")).ShouldStartWith("<close ");
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Limit());
        socket.CloseStatus.ShouldBe(WebSocketCloseStatus.NormalClosure);
    }

    [Fact]
    [Trait("Requirement", "W-18")]
    [Trait("Requirement", "W-7")]
    [Trait("Requirement", "C-170")]
    public async Task Behind_a_declared_proxy_its_word_decides_about_TLS_and_the_client()
    {
        await using var server = await RunningServer.Start(_data.Path, options => options with
        {
            TrustedProxies = [new IPNetwork(IPAddress.Loopback, 32)],
            Chat = options.Chat with { MaxConnectionsPerClient = 1 },
        });

        (await Upgrade(server, "http", "203.0.113.7")).ShouldBe(HttpStatusCode.Forbidden);
        using var first = await Open(server, "203.0.113.7");
        (await Upgrade(server, "https", "203.0.113.7")).ShouldBe(HttpStatusCode.ServiceUnavailable);
        using var other = await Open(server, "203.0.113.8");
    }

    [Fact]
    [Trait("Requirement", "W-18")]
    [Trait("Requirement", "C-49")]
    public async Task Wrong_passwords_count_for_the_client_that_a_declared_proxy_names()
    {
        await using var server = await RunningServer.Start(_data.Path, options => options with
        {
            TrustedProxies = [new IPNetwork(IPAddress.Loopback, 32)],
            Chat = options.Chat with { FailureDelay = TimeSpan.Zero },
        });
        (await LikenessProgram.Run("user", "add", "juliet@example.org", "--password", "correct horse", "--data", _data.Path)).Code.ShouldBe(ExitCode.Done);

        for (var failures = 0; failures < Accounts.LoginLimits.PerClient.Permits;)
        {
            using var guessing = await Greeted(server, "203.0.113.7");
            for (var tries = 0; tries < 3 && failures < Accounts.LoginLimits.PerClient.Permits; tries++, failures++)
            {
                (await LogIn(guessing, $"nobody{failures}", "guess")).ShouldContain("not-authorized");
            }
        }

        using var locked = await Greeted(server, "203.0.113.7");
        (await LogIn(locked, "juliet", "correct horse")).ShouldContain("temporary-auth-failure");
        using var other = await Greeted(server, "203.0.113.8");
        (await LogIn(other, "juliet", "correct horse")).ShouldContain("success");
    }

    [Theory]
    [Trait("Requirement", "W-10")]
    [Trait("Requirement", "C-174")]
    [InlineData("https://chat.example.org", true)]
    [InlineData("https://Chat.example.org", true)]
    [InlineData("https://chat.example.org.attacker.example", false)]
    [InlineData("http://chat.example.org", false)]
    [InlineData("null", false)]
    [InlineData(null, true)]
    public async Task Pages_of_sites_that_are_named_open_the_WebSocket_and_programs_without_a_page(string? origin, bool opens)
    {
        await using var server = await RunningServer.Start(_data.Path, options => options with
        {
            TrustedProxies = [new IPNetwork(IPAddress.Loopback, 32)],
            Chat = options.Chat with { WebOrigins = ["https://chat.example.org"] },
        });
        using var socket = Socket("https", "203.0.113.7");
        if (origin is not null)
        {
            socket.Options.SetRequestHeader("Origin", origin);
        }

        var opening = socket.ConnectAsync(new Uri($"ws://{server.Host.Addresses.Http[0]}/xmpp-websocket"), Limit());

        if (opens)
        {
            await opening;
        }
        else
        {
            await Should.ThrowAsync<WebSocketException>(opening);
            socket.HttpStatusCode.ShouldBe(HttpStatusCode.Forbidden);
        }
    }

    [Fact]
    [Trait("Requirement", "W-18")]
    public async Task What_a_stranger_says_about_TLS_is_not_believed()
    {
        await using var server = await RunningServer.Start(_data.Path);

        (await Upgrade(server, "https", "203.0.113.7")).ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    [Trait("Requirement", "W-1")]
    public async Task A_server_without_chats_has_no_WebSocket()
    {
        await using var server = await RunningServer.Start(_data.Path, options => options with { Xmpp = [], PublicUrl = new Uri("https://avatars.example.org") });

        (await Upgrade(server, "https", "203.0.113.7")).ShouldBe(HttpStatusCode.NotFound);
        (await Get(server, "/.well-known/host-meta", "example.org")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [Trait("Requirement", "W-11")]
    [Trait("Requirement", "W-18")]
    [Trait("Requirement", "C-175")]
    [InlineData("https://avatars.example.org", "attacker.example", "wss://avatars.example.org/xmpp-websocket")]
    [InlineData("https://example.org:8443/faces/", "example.org", "wss://example.org:8443/faces/xmpp-websocket")]
    [InlineData(null, "Example.org", "wss://example.org/xmpp-websocket")]
    [InlineData(null, "avatars.example.org", null)]
    [InlineData(null, "example.org:1234", null)]
    [InlineData("http://127.0.0.1:8080", "example.org", null)]
    public async Task Host_meta_tells_in_both_forms_where_the_WebSocket_is(string? publicUrl, string host, string? address)
    {
        await using var server = await RunningServer.Start(_data.Path, options => options with
        {
            PublicUrl = publicUrl is null ? null : new Uri(publicUrl),
            TrustedProxies = [new IPNetwork(IPAddress.Loopback, 32)],
        });

        var xml = await Get(server, "/.well-known/host-meta", host);
        var json = await Get(server, "/.well-known/host-meta.json", host);

        xml.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe(["*"]);
        json.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe(["*"]);
        if (address is null)
        {
            (xml.StatusCode, json.StatusCode).ShouldBe((HttpStatusCode.NotFound, HttpStatusCode.NotFound));
            return;
        }

        xml.Content.Headers.ContentType!.MediaType.ShouldBe("application/xrd+xml");
        XNamespace xrd = "http://docs.oasis-open.org/ns/xri/xrd-1.0";
        var link = XDocument.Parse(await xml.Content.ReadAsStringAsync()).Element(xrd + "XRD")!.Elements(xrd + "Link").ShouldHaveSingleItem();
        (link.Attribute("rel")!.Value, link.Attribute("href")!.Value).ShouldBe(("urn:xmpp:alt-connections:websocket", address));
        json.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        (await json.Content.ReadAsStringAsync()).ShouldBe($$"""{"links":[{"rel":"urn:xmpp:alt-connections:websocket","href":"{{address}}"}]}""");
    }

    private static async Task<ClientWebSocket> Greeted(RunningServer server, string client)
    {
        var socket = await Open(server, client);
        (await Ask(socket, $"<open xmlns='{Ns.Framing}' to='example.org' version='1.0'/>")).ShouldStartWith("<open ");
        (await Receive(socket)).ShouldStartWith("<stream:features ");
        return socket;
    }

    private static Task<string> LogIn(ClientWebSocket socket, string name, string password) =>
        Ask(socket, $"<auth xmlns='{Ns.Sasl}' mechanism='PLAIN'>{Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{name}\0{password}"))}</auth>");

    private static CancellationToken Limit() => new CancellationTokenSource(TimeSpan.FromSeconds(15)).Token;

    private static async Task<string> Ask(ClientWebSocket socket, string message)
    {
        await socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, endOfMessage: true, Limit());
        return await Receive(socket);
    }

    private static async Task<string> Receive(ClientWebSocket socket)
    {
        var buffer = new byte[8192];
        var received = await socket.ReceiveAsync(buffer, Limit());
        return Encoding.UTF8.GetString(buffer, 0, received.Count);
    }

    private static Task<HttpResponseMessage> Get(RunningServer server, string path, string host)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"http://{server.Host.Addresses.Http[0]}{path}");
        request.Headers.Host = host;
        request.Headers.Add("X-Forwarded-For", "203.0.113.7");
        request.Headers.Add("X-Forwarded-Proto", "https");
        request.Headers.Add("X-Forwarded-Host", host);
        return server.Web.SendAsync(request);
    }

    private static async Task<HttpStatusCode> Upgrade(RunningServer server, string scheme, string client)
    {
        using var socket = Socket(scheme, client);
        await Should.ThrowAsync<WebSocketException>(socket.ConnectAsync(new Uri($"ws://{server.Host.Addresses.Http[0]}/xmpp-websocket"), Limit()));
        return socket.HttpStatusCode;
    }

    private static async Task<ClientWebSocket> Open(RunningServer server, string client)
    {
        var socket = Socket("https", client);
        await socket.ConnectAsync(new Uri($"ws://{server.Host.Addresses.Http[0]}/xmpp-websocket"), Limit());
        return socket;
    }

    private static ClientWebSocket Socket(string scheme, string client)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("xmpp");
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.SetRequestHeader("X-Forwarded-Proto", scheme);
        socket.Options.SetRequestHeader("X-Forwarded-For", client);
        socket.Options.SetRequestHeader("X-Forwarded-Host", "example.org");
        return socket;
    }
}
