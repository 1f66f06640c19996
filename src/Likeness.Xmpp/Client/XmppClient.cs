using System.Runtime.CompilerServices;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Client;

/// <summary>
/// An XMPP client: finds its server, logs in, sends, asks, and hands out what comes, in order. A lost connection is made anew, and the session goes
/// on where the server agrees (XEP-0198). Requests of others are answered, never left open.
/// </summary>
public sealed class XmppClient : IAsyncDisposable
{
    private const int MaxDirected = 500;
    private readonly XmppClientOptions _options;
    private readonly ClientSession _session;
    private readonly Inbox _inbox;
    private readonly PendingRequests _requests = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Element> _directed = new(StringComparer.Ordinal);
    private Element? _broadcast;

    private XmppClient(ClientSession session, XmppClientOptions options)
    {
        (_session, _options) = (session, options);
        _inbox = new Inbox(options.MaxWaitingStanzas, options.MaxWaitingBytes);
        Roster = new ContactList(this);
        Presences = new PresenceList();
        Discovery = new Discovery(this, options);
    }

    /// <summary>A message or presence came, before anybody can take it. Raised in order; listeners must not wait.</summary>
    public event Action<Element>? Came;

    /// <summary>A new session began, because the one before was lost and the server did not keep it: rooms have to be entered anew. The last presence is sent again after this. With it: what was sent, and of which nobody knows whether it arrived.</summary>
    public event Action<IReadOnlyList<Element>>? BeganAnew;

    /// <summary>The full address that the server gave.</summary>
    public Jid Address => _session.Login.Address;

    /// <summary>The stream features after login.</summary>
    public Element Features => _session.Login.Features;

    /// <summary>What the server gave for the next login (XEP-0484); null: nothing. Keep it as you would a password.</summary>
    public FastToken? Token => _session.Token;

    /// <summary>Completes, never faults, when there will be no connection any more.</summary>
    public Task Ended => _session.Ended;

    /// <summary>The contacts of the account.</summary>
    public ContactList Roster { get; }

    /// <summary>Who is online, as far as the account is told.</summary>
    public PresenceList Presences { get; }

    /// <summary>What others are and can do.</summary>
    public Discovery Discovery { get; }

    /// <summary>The last presence for everybody, as it was given to <see cref="Send"/>; null: none, or that one is away.</summary>
    public Element? Presence
    {
        get
        {
            lock (_lock)
            {
                return _broadcast;
            }
        }
    }

    /// <summary>Stamps what every available presence has to carry beside what was given.</summary>
    internal Func<Element, Element>? Stamp { get; set; }

    internal XmppClientOptions Options => _options;

    /// <summary>Connects and logs in.</summary>
    /// <exception cref="Sasl.SaslException">Wrong password, or a server that cannot be trusted.</exception>
    /// <exception cref="System.Security.Authentication.AuthenticationException">No TLS, or a certificate that is not the domain's.</exception>
    /// <exception cref="StreamErrorException">The server ended the stream.</exception>
    /// <exception cref="IOException">There is no server, or it cannot be reached.</exception>
    /// <exception cref="TimeoutException">It took longer than the options allow.</exception>
    public static Task<XmppClient> Connect(XmppClientOptions options, CancellationToken cancellationToken = default) => Connect(null, options, cancellationToken);

    /// <summary>Logs in over a connection that stands already; it is closed with the client, and not made anew.</summary>
    public static Task<XmppClient> Connect(Stream? transport, XmppClientOptions options, CancellationToken cancellationToken = default) => Begin(transport, options, cancellationToken);

    /// <summary>Sends a stanza. Available presence gets what every presence of this client carries. When it returns, the stanza is on its way or, where the server acknowledges, kept until it is.</summary>
    /// <exception cref="IOException">The session has ended, or the connection broke.</exception>
    /// <exception cref="TimeoutException">There is no connection, or the server takes nothing, for longer than the options allow.</exception>
    public Task Send(Element stanza, CancellationToken cancellationToken = default) =>
        _session.Send(stanza.Name == "presence" ? Prepare(stanza) : stanza, isAnswer: false, cancellationToken);

    /// <summary>Sends an <c>iq</c> and waits for its result. An id is given to it; answers from anybody but the one asked are ignored.</summary>
    /// <exception cref="StanzaErrorException">The answer was an error.</exception>
    /// <exception cref="TimeoutException">No answer within the time of the options.</exception>
    /// <exception cref="IOException">The session was lost before the answer came.</exception>
    public async Task<Element> Request(Element iq, CancellationToken cancellationToken = default)
    {
        var id = StanzaId.New();
        var request = iq.Copy().Set("id", id);
        var answer = _requests.Add(id, request);
        try
        {
            await _session.Send(request, isAnswer: false, cancellationToken);
            var reply = await answer.WaitAsync(_options.Timeout, _options.TimeProvider, cancellationToken);
            return reply["type"] == "error" ? throw StanzaReply.ReadError(reply) : reply;
        }
        finally
        {
            _requests.Remove(id);
        }
    }

    /// <summary>The first message or presence that fits, already received and not yet taken, or yet to come.</summary>
    /// <exception cref="StanzasLostException">More came than may wait; said once.</exception>
    public Task<Element> Expect(Func<Element, bool> fits, CancellationToken cancellationToken = default) => _inbox.Take(fits, cancellationToken);

    /// <summary>Messages and presences as they come, until the session ends. Whoever takes them slowly makes the server wait; nothing is lost.</summary>
    /// <exception cref="StanzasLostException">More came, before anybody began to take them, than may wait; said once.</exception>
    public async IAsyncEnumerable<Element> Received([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        _inbox.Join();
        try
        {
            while (true)
            {
                Element stanza;
                try
                {
                    stanza = await _inbox.Take(_ => true, cancellationToken);
                }
                catch (IOException ended) when (ended is not StanzasLostException)
                {
                    yield break;
                }

                yield return stanza;
            }
        }
        finally
        {
            _inbox.Leave();
        }
    }

    public ValueTask DisposeAsync() => _session.DisposeAsync();

    /// <summary>Sends the last presence again, as it is stamped now: to everybody, and to all it was sent to directly.</summary>
    internal async Task RepeatPresence(bool broadcast, bool directed, CancellationToken cancellationToken = default)
    {
        Element[] again;
        lock (_lock)
        {
            again = [.. new[] { broadcast ? _broadcast : null }.OfType<Element>(), .. _directed.Values.Where(_ => directed)];
        }

        foreach (var presence in again)
        {
            await Send(presence, cancellationToken);
        }
    }

    /// <summary>Lets one listener fail without the others.</summary>
    internal void Guard(Action listening)
    {
        try
        {
            listening();
        }
#pragma warning disable CA1031 // A listener's bug ends neither the session nor the other listeners.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            _options.Report?.Invoke(bug);
        }
    }

    private static async Task<XmppClient> Begin(Stream? transport, XmppClientOptions options, CancellationToken cancellationToken)
    {
        if (options.WebSocket is { Scheme: not "wss" } && options.RequireTls)
        {
            throw new System.Security.Authentication.AuthenticationException("A WebSocket without TLS (ws:) is not used.");
        }

        var session = await ClientSession.Begin(options, transport, cancellationToken);
        var client = new XmppClient(session, options);
        session.Run(new Events(client));
        return client;
    }

    private Element Prepare(Element presence)
    {
        var to = presence["to"];
        var isAvailable = presence["type"] is null;
        lock (_lock)
        {
            if (to is null && (isAvailable || presence["type"] == "unavailable"))
            {
                _broadcast = isAvailable ? presence : null;
            }
            else if (to is not null && isAvailable && (_directed.Count < MaxDirected || _directed.ContainsKey(to)))
            {
                _directed[to] = presence;
            }
            else if (to is not null && presence["type"] == "unavailable")
            {
                _directed.Remove(to);
            }
        }

        if (!isAvailable)
        {
            return presence;
        }

        if (_options.Abilities is { } abilities && presence.Child("c", Ns.Caps) is null)
        {
            presence = presence.Copy().Add(Xep0115EntityCapabilities.ToElement(_options.AbilitiesNode, abilities));
        }

        return Stamp?.Invoke(presence) ?? presence;
    }

    private sealed class Events(XmppClient client) : ISessionEvents
    {
        public async ValueTask Begin(IReadOnlyList<Element> unacknowledged)
        {
            client._requests.Fail(new IOException("The session was lost before the answer came."));
            client.Presences.Clear();
            lock (client._lock)
            {
                client._directed.Clear();
            }

            client.Guard(() => client.BeganAnew?.Invoke(unacknowledged));
            client.Roster.LoadAgain();
            await client.RepeatPresence(broadcast: true, directed: false);
        }

        public async ValueTask Take(Element stanza)
        {
            if (stanza.Name == "iq")
            {
                await TakeIq(stanza);
                return;
            }

            if (stanza.Name == "presence")
            {
                client.Presences.Take(stanza);
            }

            foreach (var listener in client.Came?.GetInvocationList() ?? [])
            {
                client.Guard(() => ((Action<Element>)listener)(stanza));
            }

            await client._inbox.Post(stanza);
        }

        public void End(Exception reason)
        {
            client._inbox.End(reason);
            client._requests.Fail(reason);
        }

        private async ValueTask TakeIq(Element iq)
        {
            if (iq["type"] is not ("get" or "set"))
            {
                client._requests.Take(iq, client.Address);
                return;
            }

            Element? reply = null;
            client.Guard(() => reply = iq.FirstChild() switch
            {
                { } child when child.Is("ping", Ns.Ping) => StanzaReply.Result(iq),
                { } child when child.Is("query", Ns.Roster) && iq["type"] == "set" => client.Roster.TakePush(iq, child),
                { } child when child.Is("query", Ns.DiscoInfo) && iq["type"] == "get" && client._options.Abilities is { } abilities => Discovery.Describe(iq, child, abilities, client._options.AbilitiesNode),
                _ => client._options.Answer?.Invoke(iq),
            });
            reply ??= StanzaReply.Error(iq, StanzaCondition.ServiceUnavailable);
            if (reply is not null)
            {
                await client._session.Send(reply.Copy().Set("from", null), isAnswer: true, CancellationToken.None);
            }
        }
    }
}
