using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text;
using Likeness.Xmpp.Client;
using Likeness.Xmpp.Payloads;

namespace Likeness.Xmpp.Tests.Client;

/// <summary>The way to chats over the web, where there is no other (XEP-0156).</summary>
public sealed class HostMetaTests
{
    private const string Xrd = "<XRD xmlns='http://docs.oasis-open.org/ns/xri/xrd-1.0'><!-- ours --><Link rel='urn:xmpp:alt-connections:xbosh' href='https://example.org/bosh'/><Link rel='urn:xmpp:alt-connections:websocket' href='{0}'/></XRD>";

    [Theory]
    [Trait("Requirement", "C-172")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Where_nobody_is_reached_by_TCP_the_web_says_where_and_only_what_is_safe_is_used(bool isXml)
    {
        await using var web = new Web();
        using var unsafeOne = new TcpListener(IPAddress.Loopback, 0);
        unsafeOne.Start();
        var (ours, plain) = ($"wss://example.org:{web.Port}/chats", $"ws://example.org:{((IPEndPoint)unsafeOne.LocalEndpoint).Port}/chats");
        web.Pages[isXml ? "/.well-known/host-meta" : "/.well-known/host-meta.json"] = isXml
            ? string.Format(null, Xrd.Replace("</XRD>", "<Link rel='urn:xmpp:alt-connections:websocket' href='{1}'/></XRD>", StringComparison.Ordinal), plain, ours)
            : $$"""{"links":[{"rel":"urn:xmpp:alt-connections:websocket","href":"{{plain}}"},{"rel":"urn:xmpp:alt-connections:websocket","href":"{{ours}}"},{"rel":7}]}""";

        // The first WebSocket sends on to a second one, which has to be as safe; nothing more is to be had there.
        web.Elsewhere["/chats"] = $"wss://example.org:{web.Port}/second";
        web.Elsewhere["/second"] = $"ws://example.org:{web.Port}/third";
        var refused = await Should.ThrowAsync<IOException>(() => XmppClient.Connect(Options(web), TestContext.Current.CancellationToken));
        refused.Message.ShouldContain("no safe WebSocket");
        string[] asked = isXml ? ["/.well-known/host-meta"] : ["/.well-known/host-meta", "/.well-known/host-meta.json"];
        web.Asked.ShouldBe([.. asked, "/chats", "/second"]);
        unsafeOne.Pending().ShouldBeFalse();
    }

    [Fact]
    public async Task The_web_is_not_asked_when_that_was_not_wished_or_somebody_is_there()
    {
        await using var web = new Web();
        await Should.ThrowAsync<IOException>(() => XmppClient.Connect(Options(web) with { LooksForWebSocket = false }, TestContext.Current.CancellationToken));
        await using var server = new ScriptedServer();
        var names = new KnownNames { ["_xmpp-client._tcp.example.org"] = [new(0, 0, "one.example.org", server.Port)] };
        await using var client = await XmppClientTests.LogIn(server, Options(web) with { Resolver = names, Password = "pencil", AcceptCertificate = XmppClientOptions.AcceptAny });
        web.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_web_server_that_is_not_the_domains_or_has_no_word_of_it_changes_nothing()
    {
        await using var web = new Web();
        var options = Options(web);
        var unreached = await Should.ThrowAsync<IOException>(() => XmppClient.Connect(options, TestContext.Current.CancellationToken));
        unreached.Message.ShouldContain("refuses the connection");
        web.Asked.ShouldBe(["/.well-known/host-meta", "/.well-known/host-meta.json"]);
        web.Asked.Clear();
        web.Pages["/.well-known/host-meta"] = "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>" + Xrd.Replace("{0}", $"wss://example.org:{web.Port}/chats", StringComparison.Ordinal);
        web.Pages["/.well-known/host-meta.json"] = "[1";
        await Should.ThrowAsync<IOException>(() => XmppClient.Connect(options, TestContext.Current.CancellationToken));
        web.Asked.ShouldBe(["/.well-known/host-meta", "/.well-known/host-meta.json"]);
        web.Asked.Clear();
        var other = options with { Account = Jid.Parse("ada@example.net") };
        (await Should.ThrowAsync<IOException>(() => XmppClient.Connect(other, TestContext.Current.CancellationToken))).Message.ShouldContain("refuses the connection");
        web.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task Why_the_certificate_of_a_WebSocket_is_not_trusted_is_said()
    {
        await using var web = new Web();
        var options = Options(web) with { WebSocket = new Uri($"wss://example.net:{web.Port}/chats") };
        (await Should.ThrowAsync<AuthenticationException>(() => XmppClient.Connect(options, TestContext.Current.CancellationToken))).Message.ShouldBe("The certificate is another domain's.");
    }

    [Fact]
    public void Both_forms_are_read_and_what_is_strange_in_them_is_passed_over()
    {
        Xep0156ConnectionMethods.ReadXml(Xrd.Replace("{0}", "wss://web.example.com:443/ws", StringComparison.Ordinal)).ShouldBe(["wss://web.example.com:443/ws"]);
        Xep0156ConnectionMethods.ReadJson("""{"links":[{"rel":"urn:xmpp:alt-connections:xbosh","href":"https://web.example.com:5280/bosh"},{"rel":"urn:xmpp:alt-connections:websocket","href":"wss://web.example.com:443/ws"}]}""").ShouldBe(["wss://web.example.com:443/ws"]);
        foreach (var strange in new[] { "{}", "[]", "7", """{"links":{}}""", """{"links":[null,[],{"rel":"urn:xmpp:alt-connections:websocket","href":null}]}""" })
        {
            Xep0156ConnectionMethods.ReadJson(strange).ShouldBeEmpty();
        }
    }

    private static XmppClientOptions Options(Web web) => new()
    {
        Account = Jid.Parse("ada@example.org"),
        Password = "pencil",
        Port = web.Nobody,
        Resolver = new KnownNames(),
        LooksForWebSocket = true,
        HostMetaPort = web.Port,
        Authorities = [ScriptedServer.Certificate],
    };

    /// <summary>A web server with TLS: pages, and WebSockets that send their clients elsewhere.</summary>
    private sealed class Web : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly Socket _nobody = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        private readonly Task _serving;

        public Web()
        {
            _nobody.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _listener.Start();
            _serving = Task.Run(Serve);
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        /// <summary>A port that is taken, and where nobody listens.</summary>
        public int Nobody => ((IPEndPoint)_nobody.LocalEndPoint!).Port;

        public Dictionary<string, string> Pages { get; } = [];

        public Dictionary<string, string> Elsewhere { get; } = [];

        public List<string> Asked { get; } = [];

        public async ValueTask DisposeAsync()
        {
            _listener.Stop();
            await _serving;
            _nobody.Dispose();
        }

        private async Task Serve()
        {
            while (true)
            {
                try
                {
                    using var client = await _listener.AcceptTcpClientAsync();
                    await using var tls = new SslStream(client.GetStream());
                    await tls.AuthenticateAsServerAsync(ScriptedServer.Certificate);
                    await Answer(tls);
                }
                catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException or InvalidOperationException && !_listener.Server.IsBound)
                {
                    return;
                }
                catch (Exception refused) when (refused is IOException or AuthenticationException or WebSocketException)
                {
                    // The client does not trust this one, or has left.
                }
            }
        }

        private async Task Answer(SslStream stream)
        {
            var head = new StringBuilder();
            var one = new byte[1];
            while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(one) > 0)
            {
                head.Append((char)one[0]);
            }

            if (head.Length == 0)
            {
                return;
            }

            var path = head.ToString().Split(' ')[1];
            Asked.Add(path);
            var key = head.ToString().Split("\r\n").FirstOrDefault(line => line.StartsWith("Sec-WebSocket-Key: ", StringComparison.OrdinalIgnoreCase))?.Split(' ')[1];
            if (key is null)
            {
                var page = Pages.GetValueOrDefault(path);
                await Say(stream, $"HTTP/1.1 {(page is null ? "404 Not Found" : "200 OK")}\r\nConnection: close\r\nContent-Length: {page?.Length ?? 0}\r\n\r\n{page}");
                return;
            }

#pragma warning disable CA5350 // RFC 6455 §4.2.2
            var accept = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350
            await Say(stream, $"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: xmpp\r\nSec-WebSocket-Accept: {accept}\r\n\r\n");
            using var socket = WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { IsServer = true, SubProtocol = "xmpp" });
            var opening = await socket.ReceiveAsync(new byte[4096], CancellationToken.None);
            opening.MessageType.ShouldBe(WebSocketMessageType.Text);
            await Send(socket, "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' from='example.org' id='x' version='1.0'/>");
            await Send(socket, $"<close xmlns='urn:ietf:params:xml:ns:xmpp-framing' see-other-uri='{Elsewhere[path]}'/>");
            await socket.ReceiveAsync(new byte[4096], CancellationToken.None);
        }

        private static Task Say(SslStream stream, string text) => stream.WriteAsync(Encoding.UTF8.GetBytes(text)).AsTask();

        private static Task Send(WebSocket socket, string text) => socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
    }
}
