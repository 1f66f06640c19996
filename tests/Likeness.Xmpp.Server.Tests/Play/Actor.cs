using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Likeness.Xmpp.Server.Tests.Hosting;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Tests.Play;

/// <summary>One client connection. It reads only when the play asks what was received, so nothing happens behind the play's back.</summary>
public sealed class Actor : IAsyncDisposable
{
    private static readonly StreamLimits Limits = new() { StanzaBytesBeforeAuthentication = 4 * 1024 * 1024, Depth = 200 };
    private readonly Conversation _conversation;
    private readonly Socket _socket;
    private readonly Queue<Element> _kept = new();
    private XmlStreamReader _reader = new(Limits);
    private Stream _stream;
    private PipeReader _input;
    private int _fences;
    private int _questions;
    private bool _isManaged;

    private Actor(string name, Socket socket, Conversation conversation)
    {
        Name = name;
        _conversation = conversation;
        _socket = socket;
        _stream = new NetworkStream(socket);
        _input = PipeReader.Create(_stream);
    }

    /// <summary>As the play calls it: <c>juliet/balcony</c>, or any name for a bare connection.</summary>
    public string Name { get; }

    /// <summary>Of the server it talks to.</summary>
    public string Domain { get; private init; } = TestServer.Domain;

    /// <summary>A resource is bound: fences work.</summary>
    public bool IsBound { get; set; }

    /// <summary>As clients do, unless the play says otherwise; what the server asks in this way is not shown.</summary>
    public bool AnswersPings { get; set; } = true;

    /// <summary>As clients do, unless the play says otherwise: what it has received is acknowledged when the server asks. What nobody asked for is not shown.</summary>
    public bool Acknowledges { get; set; } = true;

    /// <summary>By which the server knows the stream that can be resumed.</summary>
    public string? StreamId { get; private set; }

    /// <summary>Null before TLS.</summary>
    public SslStream? Tls { get; private set; }

    /// <summary>What the stream offered, where the play noted it.</summary>
    public Element? Features { get; set; }

    /// <summary>Stanzas received since the stream is managed.</summary>
    public uint Received { get; private set; }

    /// <summary>What has come and the play has not asked for yet.</summary>
    public IReadOnlyCollection<Element> Kept => _kept;

    /// <summary>The peer ended the stream or the connection.</summary>
    public bool IsOver { get; private set; }

    /// <param name="from">The client's own address; null: whichever the system takes.</param>
    /// <param name="domain">Whose server it is.</param>
    public static async Task<Actor> Connect(string name, IPEndPoint server, Conversation conversation, IPAddress? from = null, string domain = TestServer.Domain)
    {
        var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (from is not null)
        {
            socket.Bind(new IPEndPoint(from, 0));
        }

        await socket.ConnectAsync(server);
        return new Actor(name, socket, conversation) { Domain = domain };
    }

    /// <summary>The other side of a connection that the server opened.</summary>
    /// <param name="domain">Whose server is asked when it is fenced.</param>
    public static Actor Accepted(string name, Socket socket, Conversation conversation, string domain = TestServer.Domain) => new(name, socket, conversation) { Domain = domain };

    /// <summary>The domain it is the server of; null: it is a client.</summary>
    public string? ServerOf { get; set; }

    public Task Send(string text) => Send(Encoding.UTF8.GetBytes(text), text);

    public Task Send(ReadOnlyMemory<byte> bytes, string shown)
    {
        _conversation.Sent(Name, shown);
        _questions += shown.StartsWith("<r ", StringComparison.Ordinal) ? 1 : 0;
        return Write(bytes);
    }

    public async Task OpenStream()
    {
        await Send($"<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='{Domain}' version='1.0'>");
        _ = await Receive();
    }

    /// <summary>Its full address, when the name says user and resource.</summary>
    public string Jid => $"{Name.Split('/')[0]}@{Domain}/{Name.Split('/')[^1]}";

    /// <summary>The next one that fits; what came before it is dropped.</summary>
    public async Task<Element> Until(Func<Element, bool> fits)
    {
        try
        {
            while (await Receive() is { } element)
            {
                if (fits(element))
                {
                    return element;
                }
            }
        }
        catch (OperationCanceledException)
        {
            throw new TranscriptException($"It did not come:\n{_conversation}");
        }

        throw new TranscriptException($"The stream is over before it came:\n{_conversation}");
    }

    /// <summary>The next first-level element, or the header of a stream; null when the stream is over.</summary>
    public async Task<Element?> Receive() => _kept.TryDequeue(out var kept) ? kept : await Read();

    /// <summary>Reads until everything the server had written for this client before now has come.</summary>
    public async Task Fence()
    {
        if (!IsBound || IsOver)
        {
            return;
        }

        var id = $"fence-{++_fences}";
        await Write(Encoding.UTF8.GetBytes($"<iq type='get' id='{id}' to='{Domain}'{(ServerOf is null ? "" : $" from='{ServerOf}'")}><ping xmlns='{Ns.Ping}'/></iq>"));
        while (await Read(hidden: id) is { } element && element["id"] != id)
        {
            _kept.Enqueue(element);
        }
    }

    /// <summary>Takes out of what has come, fenced or not yet asked for, what the play does not talk about.</summary>
    public void Drop(Func<Element, bool> unwanted)
    {
        var kept = _kept.Where(element => !unwanted(element)).ToArray();
        _kept.Clear();
        foreach (var element in kept)
        {
            _kept.Enqueue(element);
        }
    }

    /// <param name="protocol">None: whatever both sides like best.</param>
    /// <param name="shown">Its own certificate; null: none.</param>
    public async Task StartTls(SslProtocols protocol = SslProtocols.None, SslStreamCertificateContext? shown = null)
    {
        var tls = new SslStream(_stream, leaveInnerStreamOpen: false, (_, theirs, _, _) => theirs?.GetCertHashString() == TestCertificate.Context.TargetCertificate.GetCertHashString());
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", EnabledSslProtocols = protocol, ClientCertificateContext = shown });
        Tls = tls;
        _stream = tls;
        _input = PipeReader.Create(tls);
        Restart();
    }

    /// <summary>A new stream begins on the same connection.</summary>
    public void Restart() => _reader = new XmlStreamReader(Limits);

    /// <summary>Says no more; the server sees the end of the connection and ends its side.</summary>
    public async Task HangUp()
    {
        _socket.Shutdown(SocketShutdown.Send);
        while (await Read() is not null)
        {
            // What still comes is of no interest.
        }
    }

    /// <summary>The line is cut: no end of stream, no end of TLS.</summary>
    public void Cut()
    {
        IsOver = true;
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    /// <summary>Goes on where another connection was cut, as if the last stanzas had not come.</summary>
    public void GoOn(Actor former, uint missed) => (StreamId, Received, _fences, _isManaged) = (former.StreamId, former.Received - missed, former._fences, true);

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _socket.Dispose();
    }

    private async Task Write(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await _stream.WriteAsync(bytes);
        }
        catch (IOException)
        {
            // The server has closed already; what it said last can still be read.
        }
    }

    private async Task<Element?> Read(string? hidden = null)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!IsOver)
        {
            ReadResult result;
            try
            {
                result = await _input.ReadAsync(timeout.Token);
            }
            catch (IOException)
            {
                break;
            }

            var read = _reader.Read(result.Buffer, out var consumed, out var examined);
            _input.AdvanceTo(consumed, examined);
            if (read.Element is { } element)
            {
                element = element.Namespace is "jabber:component:accept" or Ns.Server ? element.Renamed(Ns.Client) : element;
                Received += _isManaged && element.Namespace == Ns.Client ? 1u : 0u;
                if (element.Namespace == Ns.StreamManagement && await IsHandled(element))
                {
                    continue;
                }

                if (AnswersPings && IsPing(element))
                {
                    await Write(Encoding.UTF8.GetBytes($"<iq type='result' id='{element["id"]}' to='{element["from"]}'/>"));
                    continue;
                }

                Note(element, hidden);
                return element;
            }

            if (read.Kind == StreamEventKind.StreamClosed || result.IsCompleted)
            {
                break;
            }
        }

        IsOver = true;
        return null;
    }

    // What the play does not talk about: questions that are answered, and answers to no question.
    private async Task<bool> IsHandled(Element element)
    {
        switch (element.Name)
        {
            case "enabled":
                (StreamId, _isManaged) = (element["id"], true);
                return false;
            case "resumed":
                IsBound = true;
                return false;
            case "r" when Acknowledges:
                await Write(Encoding.UTF8.GetBytes($"<a xmlns='{Ns.StreamManagement}' h='{Received}'/>"));
                return true;
            case "a":
                return --_questions < 0 && ++_questions == 0;
            default:
                return element.Name == "r";
        }
    }

    // Asked by the server itself, not by somebody of the play.
    private static bool IsPing(Element element) =>
        element.Is("iq", Ns.Client) && element["type"] == "get" && element["from"] == "localhost" && element.Child("ping", Ns.Ping) is not null;

    // XEP-0388 §2.6.1: what the client asked for along with its login.
    private void Entered(Element success)
    {
        var bound = success.Child("bound", Ns.Bind2);
        IsBound = bound is not null || success.Child("resumed", Ns.StreamManagement) is not null;
        if (bound?.Child("enabled", Ns.StreamManagement) is { } enabled)
        {
            (StreamId, _isManaged) = (enabled["id"], true);
        }
    }

    private void Note(Element element, string? hidden)
    {
        if (hidden is null || element["id"] != hidden)
        {
            _conversation.Received(Name, element.ToString());
        }

        if (element.Is("success", Ns.Sasl2))
        {
            Entered(element);
        }

        // RFC 6120 §6.4.6: after success, as after TLS, the server's next bytes are a new stream.
        if (element.Is("success", Ns.Sasl))
        {
            Restart();
        }
    }
}
