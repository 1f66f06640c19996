using System.Net.WebSockets;
using System.Text;
using System.Xml.Linq;
using Likeness.Xmpp.Server.Tests.Hosting;
using Likeness.Xmpp.Server.Tests.Play;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Tests.WebSockets;

/// <summary>A chat client in a browser, as far as the server can tell: the platform's own WebSocket, one element per message.</summary>
internal sealed class WebClient(ClientWebSocket socket) : IAsyncDisposable
{
    public const string OpenStream = "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='localhost' version='1.0'/>";
    public const string CloseStream = "<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>";
    private int _fences;

    /// <summary>The last message as it came.</summary>
    public string Text { get; private set; } = "";

    public WebSocketCloseStatus? Status => socket.CloseStatus;

    public string? Reason => socket.CloseStatusDescription;

    public static async Task<WebClient> Connect(TestServer server)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("xmpp");
        await socket.ConnectAsync(new Uri($"ws://{server.Web}/xmpp-websocket"), Limit());
        socket.SubProtocol.ShouldBe("xmpp");
        return new WebClient(socket);
    }

    /// <summary>Opens a stream; returns the features.</summary>
    public async Task<Element> Open()
    {
        var opened = await Ask(OpenStream);
        opened.Is("open", Ns.Framing).ShouldBeTrue(Text);
        return (await Receive()).ShouldNotBeNull();
    }

    /// <summary>As far as the features of an authenticated stream.</summary>
    public static async Task<WebClient> Authenticated(TestServer server, string user)
    {
        var client = await Connect(server);
        await client.Open();
        var login = Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{user}\0{TestCredentials.Password}"));
        (await client.Ask($"<auth xmlns='{Ns.Sasl}' mechanism='PLAIN'>{login}</auth>")).Name.ShouldBe("success");
        await client.Open();
        return client;
    }

    public static async Task<WebClient> LoggedIn(TestServer server, string user, string resource)
    {
        var client = await Authenticated(server, user);
        var bound = await client.Ask($"<iq xmlns='jabber:client' type='set' id='b'><bind xmlns='{Ns.Bind}'><resource>{resource}</resource></bind></iq>");
        bound.Child("bind", Ns.Bind)!.Child("jid")!.Text().ShouldBe($"{user}@localhost/{resource}");
        return client;
    }

    public Task Send(string message, WebSocketMessageType type = WebSocketMessageType.Text) => socket.SendAsync(Encoding.UTF8.GetBytes(message), type, endOfMessage: true, Limit());

    public async Task<Element> Ask(string message)
    {
        await Send(message);
        return (await Receive()).ShouldNotBeNull();
    }

    /// <summary>The next message, which any XML parser must be able to read by itself; null: the WebSocket was closed.</summary>
    public async Task<Element?> Receive()
    {
        var bytes = new List<byte>();
        var buffer = new byte[4096];
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer, Limit());
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            part.MessageType.ShouldBe(WebSocketMessageType.Text);
            bytes.AddRange(buffer.AsSpan(0, part.Count));
            if (part.EndOfMessage)
            {
                Text = Encoding.UTF8.GetString([.. bytes]);
                Text[^1].ShouldBe('>', Text);
                XElement.Parse(Text, LoadOptions.PreserveWhitespace).Name.NamespaceName.ShouldNotBeEmpty(Text);
                return XmlStreamReader.ParseElement(Text);
            }
        }
    }

    /// <summary>Everything that was on its way.</summary>
    public async Task<List<Element>> Fence()
    {
        var id = $"fence-{++_fences}";
        await Send($"<iq xmlns='jabber:client' type='get' id='{id}' to='localhost'><ping xmlns='{Ns.Ping}'/></iq>");
        List<Element> come = [];
        while (await Receive() is { } next && next["id"] != id)
        {
            come.Add(next);
        }

        return come;
    }

    /// <summary>Answers the server's close, as browsers do.</summary>
    public Task Closed() => socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, Limit());

    /// <summary>Closes the WebSocket and leaves the stream open.</summary>
    public Task CloseRudely() => socket.CloseAsync(WebSocketCloseStatus.EndpointUnavailable, null, Limit());

    /// <summary>The line is cut.</summary>
    public void Cut() => socket.Abort();

    public ValueTask DisposeAsync()
    {
        socket.Dispose();
        return default;
    }

    private static CancellationToken Limit() => new CancellationTokenSource(TimeSpan.FromSeconds(15)).Token;
}
