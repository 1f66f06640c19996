using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Client;

/// <summary>A small XMPP client: logs in, sends, asks, and hands out what comes. Requests of others are answered, never left open.</summary>
public sealed class XmppClient : IAsyncDisposable
{
    private const int MaxKeptStanzas = 1000;
    private readonly ClientStream _stream;
    private readonly XmppClientOptions _options;
    private readonly Inbox _inbox = new(MaxKeptStanzas);
    private readonly ConcurrentDictionary<string, (Element Request, TaskCompletionSource<Element> Answer)> _asked = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _receiving;
    private volatile Exception? _end;

    private XmppClient(ClientStream stream, XmppClientOptions options, Jid address, Element features)
    {
        (_stream, _options, Address, Features) = (stream, options, address, features);
        _receiving = Task.Run(Receive);
    }

    /// <summary>The full address that the server gave.</summary>
    public Jid Address { get; }

    /// <summary>The stream features after login.</summary>
    public Element Features { get; }

    /// <summary>Completes, never faults, when the stream has ended.</summary>
    public Task Ended => _receiving;

    /// <summary>Connects and logs in.</summary>
    /// <exception cref="Sasl.SaslException">Wrong password, or a server that cannot be trusted.</exception>
    /// <exception cref="StreamErrorException">The server ended the stream.</exception>
    /// <exception cref="TimeoutException">It took longer than the options allow.</exception>
    public static async Task<XmppClient> Connect(XmppClientOptions options, CancellationToken cancellationToken = default)
    {
        var socket = new TcpClient { NoDelay = true };
        try
        {
            using var limit = Limit(options, cancellationToken);
            await socket.ConnectAsync(options.Host ?? options.Account.Domain, options.Port, limit.Token);
            return await Connect(socket.GetStream(), options, limit.Token);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            socket.Dispose();
            throw new TimeoutException($"No login within {options.Timeout.TotalSeconds} s.", late);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Logs in over a connection that stands already; it is closed with the client.</summary>
    public static async Task<XmppClient> Connect(Stream transport, XmppClientOptions options, CancellationToken cancellationToken = default)
    {
        var stream = new ClientStream(transport, options);
        try
        {
            var (address, features) = await new Login(stream, options).Run(cancellationToken);
            return new XmppClient(stream, options, address, features);
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    public Task Send(Element stanza, CancellationToken cancellationToken = default) => _stream.Write(stanza, cancellationToken);

    /// <summary>Sends an <c>iq</c> and waits for its result. An id is given to it; answers from anybody but the one asked are ignored.</summary>
    /// <exception cref="StanzaErrorException">The answer was an error.</exception>
    /// <exception cref="TimeoutException">No answer within the time of the options.</exception>
    public async Task<Element> Request(Element iq, CancellationToken cancellationToken = default)
    {
        var id = StanzaId.New();
        var request = iq.Copy().Set("id", id);
        var answer = new TaskCompletionSource<Element>(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked[id] = (request, answer);
        try
        {
            ObjectDisposedException.ThrowIf(_stopping.IsCancellationRequested, this);
            if (_end is { } end)
            {
                throw new IOException("The stream has ended.", end);
            }

            await _stream.Write(request, cancellationToken);
            var reply = await answer.Task.WaitAsync(_options.Timeout, cancellationToken);
            return reply["type"] == "error" ? throw StanzaReply.ReadError(reply) : reply;
        }
        finally
        {
            _asked.TryRemove(id, out _);
        }
    }

    /// <summary>The first message or presence that fits, already received and not yet taken, or yet to come.</summary>
    public Task<Element> Expect(Func<Element, bool> fits, CancellationToken cancellationToken = default) => _inbox.Take(fits, cancellationToken);

    /// <summary>Messages and presences as they come, until the stream ends.</summary>
    public async IAsyncEnumerable<Element> Received([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            Element stanza;
            try
            {
                stanza = await _inbox.Take(_ => true, cancellationToken);
            }
            catch (IOException)
            {
                yield break;
            }

            yield return stanza;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            await _stream.Close(limit.Token);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The connection is gone already.
        }

        await _stopping.CancelAsync();
        await _receiving;
        await _stream.DisposeAsync();
        _stopping.Dispose();
    }

    private static CancellationTokenSource Limit(XmppClientOptions options, CancellationToken cancellationToken)
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.Timeout);
        return limit;
    }

    private async Task Receive()
    {
        try
        {
            while (true)
            {
                await Take(await _stream.Read(_stopping.Token));
            }
        }
        catch (OperationCanceledException)
        {
            _end = new IOException("The client was closed.");
        }
        catch (Exception exception)
        {
            _end = exception is StreamErrorException or IOException ? exception : new IOException("The connection broke.", exception);
        }

        _inbox.End(_end);
        foreach (var (_, answer) in _asked.Values)
        {
            answer.TrySetException(_end);
        }
    }

    private async Task Take(Element stanza)
    {
        if (stanza.Name != "iq")
        {
            _inbox.Post(stanza);
        }
        else if (stanza["type"] is "get" or "set")
        {
            await Answer(stanza);
        }
        else if (stanza["id"] is { } id && _asked.TryGetValue(id, out var asked) && IsFromTheOneAsked(stanza, asked.Request))
        {
            asked.Answer.TrySetResult(stanza);
        }
    }

    private async Task Answer(Element request)
    {
        var reply = request.FirstChild() is { } child && child.Is("ping", Ns.Ping)
            ? StanzaReply.Result(request)
            : _options.Answer?.Invoke(request) ?? StanzaReply.Error(request, StanzaCondition.ServiceUnavailable);
        if (reply is not null)
        {
            await _stream.Write(reply.Copy().Set("from", null), _stopping.Token);
        }
    }

    // What was asked of the own account may be answered without a sender, or by its bare address (RFC 6120 §8.1.2.1).
    private bool IsFromTheOneAsked(Element reply, Element request)
    {
        var to = request["to"];
        var ownAccount = to is null || (Jid.TryParse(to, out var asked) && asked.Equals(Address.Bare));
        if (reply["from"] is not { } from)
        {
            return ownAccount;
        }

        if (!Jid.TryParse(from, out var sender))
        {
            return false;
        }

        return ownAccount
            ? sender.Equals(Address.Bare) || (to is null && (sender.Equals(Address) || sender.Text == Address.Domain))
            : Jid.TryParse(to, out var wanted) && sender.Equals(wanted);
    }
}
