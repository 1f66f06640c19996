using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Likeness.Xmpp;
using Likeness.Xmpp.Xml;

namespace Likeness.Beside.Tests.Support;

/// <summary>The other side of a component connection, over real TCP: grants what it is told to, keeps avatars as a chat server does, and remembers every request.</summary>
internal sealed class FakeChatServer : IAsyncDisposable
{
    public const string Domain = "example.org";
    public const string Component = "likeness.example.org";
    public const string Secret = "sécret & <more>";

    public const string AllGrants =
        "<privilege xmlns='urn:xmpp:privilege:2'><perm access='presence' type='managed_entity'/><perm access='iq'>"
        + "<namespace ns='http://jabber.org/protocol/pubsub' type='both'><namespace ns='http://jabber.org/protocol/pubsub#owner' type='both'/></namespace>"
        + "<namespace ns='vcard-temp' type='both'/></perm></privilege>";

    private readonly Socket _listener;
    private readonly X509Certificate2? _certificate;
    private readonly CancellationTokenSource _ended = new();
    private readonly SemaphoreSlim _turn = new(1);
    private readonly ConcurrentDictionary<string, TaskCompletionSource<Element>> _asked = new(StringComparer.Ordinal);
    private readonly Task _accepting;
    private TaskCompletionSource _connected = New();
    private Socket? _socket;
    private Stream? _stream;

    /// <param name="socketFile">Null: a port of this machine.</param>
    /// <param name="certificate">With a key: TLS from the first byte.</param>
    public FakeChatServer(string? socketFile = null, X509Certificate2? certificate = null)
    {
        _certificate = certificate;
        EndPoint at = socketFile is null ? new IPEndPoint(IPAddress.Loopback, 0) : new UnixDomainSocketEndPoint(socketFile);
        _listener = new Socket(at.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
        _listener.Bind(at);
        _listener.Listen();
        Avatars = new FakeAvatars(this);
        _accepting = Accept();
    }

    public FakeAvatars Avatars { get; }

    /// <summary>Where a component finds it.</summary>
    public EndPoint Place => _listener.LocalEndPoint is IPEndPoint { Port: var port } ? new DnsEndPoint("127.0.0.1", port) : _listener.LocalEndPoint!;

    /// <summary>What is announced behind each handshake; null: nothing.</summary>
    public string? Grants { get; set; } = AllGrants;

    /// <summary>A stream error instead of an accepted handshake.</summary>
    public string? Refuses { get; set; }

    /// <summary>Every stanza the component sent.</summary>
    public ConcurrentQueue<Element> Heard { get; } = [];

    /// <summary>Called after each stanza that came and was answered.</summary>
    public Action Pulse { get; set; } = () => { };

    public int Connections { get; private set; }

    /// <summary>Spaces that came between stanzas.</summary>
    public int Blanks { get; private set; }

    /// <summary>Completes when a component has shown the secret; anew after each <see cref="Drop"/>.</summary>
    public Task Connected => _connected.Task;

    public static string Handshake(string id, string secret) => Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(id + secret)));

    public async Task Send(string stanza)
    {
        await _turn.WaitAsync();
        try
        {
            await _stream!.WriteAsync(Encoding.UTF8.GetBytes(stanza));
        }
        finally
        {
            _turn.Release();
        }
    }

    public Task Send(Element stanza)
    {
        var output = new ArrayBufferWriter<byte>();
        ElementWriter.Write(output, stanza.Renamed("jabber:component:accept"), "jabber:component:accept");
        return Send(Encoding.UTF8.GetString(output.WrittenSpan));
    }

    /// <summary>Announces grants.</summary>
    public Task Grant(string privilege, string from = Domain) => Send($"<message from='{from}' to='{Component}'>{privilege}</message>");

    /// <summary>Asks the component and gives its answer; everything sent before was handled then.</summary>
    public async Task<Element> Ask(string payload, string to = Component)
    {
        var id = StanzaId.New();
        var answer = _asked[id] = new TaskCompletionSource<Element>(TaskCreationOptions.RunContinuationsAsynchronously);
        await Send($"<iq type='get' id='{id}' from='{Domain}' to='{to}'>{payload}</iq>");
        return await answer.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    public Task Fence() => Ask("<ping xmlns='urn:xmpp:ping'/>");

    /// <summary>The line is cut.</summary>
    public void Drop()
    {
        _connected = New();
        _socket?.Close(0);
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _listener.Dispose();
        _socket?.Close(0);
        await _accepting;
        _ended.Dispose();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task Accept()
    {
        while (!_ended.IsCancellationRequested)
        {
            try
            {
                using var socket = await _listener.AcceptAsync(_ended.Token);
                await Serve(socket);
            }
            catch (Exception gone) when (gone is OperationCanceledException or IOException or AuthenticationException or SocketException or ObjectDisposedException or InvalidOperationException)
            {
                // The next one comes, or the test is over.
            }

            _connected = _connected.Task.IsCompleted ? New() : _connected;
        }
    }

    private async Task<Stream> Secured(NetworkStream plain)
    {
        if (_certificate is null)
        {
            return plain;
        }

        var secured = new SslStream(plain);
        await secured.AuthenticateAsServerAsync(_certificate);
        return secured;
    }

    private async Task Serve(Socket socket)
    {
        await using var stream = await Secured(new NetworkStream(socket));
        (_socket, _stream) = (socket, stream);
        var reader = PipeReader.Create(stream);
        var xml = new XmlStreamReader(new StreamLimits { StanzaBytesBeforeAuthentication = 8 * 1024 * 1024 });
        var id = "3BF96D32&lt;";
        var left = 0L;
        while (true)
        {
            var read = await reader.ReadAsync(_ended.Token);
            var blanks = read.Buffer.ToArray().TakeWhile(one => one == ' ').Count();
            if (blanks > left)
            {
                Blanks += blanks - (int)left;
                Pulse();
            }

            var found = xml.Read(read.Buffer, out var consumed, out var examined);
            left = read.Buffer.Slice(consumed).Length;
            reader.AdvanceTo(consumed, examined);
            if (found.Kind == StreamEventKind.NeedMoreData)
            {
                if (read.IsCompleted)
                {
                    return;
                }
            }
            else if (found.Kind == StreamEventKind.StreamOpened)
            {
                await Send($"<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' from='{Component}' id='{id}'>");
            }
            else if (found.Kind == StreamEventKind.StreamClosed)
            {
                return;
            }
            else if (found.Element!.Name == "handshake")
            {
                Connections++;
                var condition = Refuses ?? (found.Element.Text() == Handshake("3BF96D32<", Secret) ? null : "not-authorized");
                if (condition is not null)
                {
                    await Send($"<stream:error><{condition} xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>");
                    return;
                }

                await Send("<handshake/>");
                if (Grants is { } grants)
                {
                    await Grant(grants);
                }

                _connected.TrySetResult();
            }
            else
            {
                var stanza = found.Element.Renamed(Ns.Client);
                Heard.Enqueue(stanza);
                if (stanza["id"] is { } answered && stanza["type"] is "result" or "error" && _asked.TryRemove(stanza["id"]!, out var waiting))
                {
                    waiting.SetResult(stanza);
                }
                else if (stanza is { Name: "iq" } && Avatars.Answer(stanza) is { } answer)
                {
                    await Send(answer);
                }

                Pulse();
            }
        }
    }
}
