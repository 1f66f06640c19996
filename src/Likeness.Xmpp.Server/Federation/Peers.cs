using System.Collections.Concurrent;
using System.Net;
using Likeness.Xmpp.Server.Connections;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;
using Microsoft.Extensions.Logging;

namespace Likeness.Xmpp.Server.Federation;

/// <summary>Every other server: where what goes to a domain that is not ours is brought (RFC 6120 §10.4.3).</summary>
internal sealed partial class Peers : IDestination, IDisposable
{
    private static readonly TimeSpan Sweep = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<DomainPair, RemoteLink> _links = new();
    private readonly ConcurrentDictionary<PeerStream, byte> _streams = new();
    private readonly GenerationCache<string, DomainPace> _paces;
    private readonly SemaphoreSlim _connecting;
    private readonly SemaphoreSlim _verifying;
    private readonly PeerFinder _finder;
    private readonly ITimer _sweep;
    private readonly ILogger<Peers> _log;
    private readonly RemotePictures _pictures;

    public Peers(XmppServerOptions options, StreamServices streams, Router router, Strangers strangers, RemotePictures pictures, TimeProvider time, ILogger<Peers> log)
    {
        Options = options.Federation;
        Streams = streams;
        Router = router;
        Strangers = strangers;
        Time = time;
        Dialback = new Dialback(options);
        _log = log;
        _pictures = pictures;
        _paces = new GenerationCache<string, DomainPace>(Options.MaxLinks, static _ => 1);
        _connecting = new SemaphoreSlim(Options.MaxConnecting);
        _verifying = new SemaphoreSlim(Options.MaxConnecting);
        _finder = new PeerFinder(Options, time);
        Options.BlockList.Changed += EndBlocked;
        _sweep = time.CreateTimer(static peers => ((Peers)peers!).Forget(), this, Sweep, Sweep);
    }

    public FederationOptions Options { get; }

    public StreamServices Streams { get; }

    public Router Router { get; }

    public Strangers Strangers { get; }

    public TimeProvider Time { get; }

    public Dialback Dialback { get; }

    public IEnumerable<RemoteLink> Links => _links.Values;

    public IEnumerable<PeerStream> OpenStreams => _streams.Keys;

    /// <summary>Told when the last connection by which a domain was reached is gone: ours, then theirs.</summary>
    public List<Action<string, string>> LinkLost { get; } = [];

    public bool IsOurs(string domain) => Router.Serves(domain);

    public bool IsDevelopment(IPAddress address) => Streams.Options.IsDevelopment(address);

    public ValueTask Deliver(Sender from, Element stanza, Jid to)
    {
        if (!Jid.TryParse(stanza["from"], out var sender))
        {
            sender = from.Jid;
        }

        if (stanza.Name == "message")
        {
            Strangers.Wrote(sender, to);
        }
        else if (stanza.Name == "iq" && to.IsBare && from.Client is { } client && RemotePictures.IdIn(stanza) is { } id && Options.MayTalkTo(to.Domain))
        {
            // Nobody's next stanza waits for it.
            _ = Router.Conclude(from, stanza, Show(client, stanza, to, id)).AsTask();
            return default;
        }

        RemoteLink? used = null;
        if (Send(new DomainPair(sender.Domain, to.Domain), link => (used = link).Send(stanza)) is { } refusal && !RemoteDomain.IsLeave(stanza) && stanza["type"] != "probe")
        {
            throw refusal;
        }

        return used?.Writable() ?? default;
    }

    public void Broadcast(PreparedStanza presence, Jid from, Jid to) => Send(new DomainPair(from.Domain, to.Domain), link => link.Send(presence, to));

    public bool Send(PreparedStanza stanza, Jid to) =>
        Jid.TryParse(stanza.From, out var from) && Send(new DomainPair(from.Domain, to.Domain), link => link.Send(stanza, to)) is null;

    /// <summary>What could not be brought to its addressee goes back.</summary>
    public void Refuse(Element stanza, StanzaErrorException problem)
    {
        if (Jid.TryParse(stanza["from"], out var from) && Jid.TryParse(stanza["to"], out var to) && StanzaReply.Error(stanza, problem) is { } error)
        {
            Router.Send(new ServerSender(to), error, from);
        }
    }

    /// <summary>A server has said who it is.</summary>
    /// <param name="pair">From theirs to ours.</param>
    /// <param name="stream">By which it can be answered; null: it can be heard only.</param>
    public void Heard(DomainPair pair, PeerStream? stream)
    {
        if (stream is not null)
        {
            LinkOf(pair.Back)?.Offer(stream);
        }
        else if (_links.TryGetValue(pair.Back, out var link))
        {
            link.Reachable();
        }
    }

    /// <summary>What a domain has sent lately, over whichever connections.</summary>
    public DomainPace PaceOf(string domain)
    {
        lock (_paces)
        {
            if (!_paces.TryGet(domain, out var pace))
            {
                _paces.Set(domain, pace = new DomainPace(Options, Time));
            }

            return pace;
        }
    }

    public void Opened(PeerStream stream) => _streams[stream] = 0;

    public void Closed(PeerStream stream) => _streams.TryRemove(stream, out _);

    public void Lost(DomainPair pair)
    {
        foreach (var lost in LinkLost)
        {
            lost(pair.From, pair.To);
        }
    }

    /// <summary>A stream over which stanzas may be sent.</summary>
    /// <exception cref="PeerUnreachableException">There is none to be had.</exception>
    public async Task<OutgoingStream> Connect(DomainPair pair)
    {
        using var late = new CancellationTokenSource(Options.MaxWait, Time);
        try
        {
            await _connecting.WaitAsync(late.Token);
            try
            {
                var stream = await Connect(pair, isForKeys: false, late.Token);
                Log.Connected(_log, pair.From, pair.To, stream.AuthenticatedBy ?? "");
                return stream;
            }
            finally
            {
                _connecting.Release();
            }
        }
        catch (Exception problem) when (problem is PeerUnreachableException or OperationCanceledException)
        {
            var unreachable = problem as PeerUnreachableException ?? new PeerUnreachableException("it does not answer in time");
            Log.Unreachable(_log, pair.From, pair.To, unreachable.Message);
            throw unreachable;
        }
    }

    /// <summary>Asks the server of a domain whether a key is its own, over a stream that waits for nobody (XEP-0220 §2.1.2).</summary>
    /// <param name="pair">From ours to theirs.</param>
    public async Task<DialbackVerdict> Verify(DomainPair pair, string id, string key)
    {
        using var late = new CancellationTokenSource(Options.MaxUnknown, Time);
        try
        {
            if (_links.TryGetValue(pair, out var link) && link.Stream is OutgoingStream open)
            {
                return await open.Ask(pair, id, key).WaitAsync(late.Token);
            }

            await _verifying.WaitAsync(late.Token);
            try
            {
                var stream = await Connect(pair, isForKeys: true, late.Token);
                try
                {
                    return await stream.Ask(pair, id, key).WaitAsync(late.Token);
                }
                finally
                {
                    stream.TakeLeave();
                }
            }
            finally
            {
                _verifying.Release();
            }
        }
        catch (PeerUnreachableException problem)
        {
            Log.NotVerified(_log, pair.To, problem.Message);
            return problem.IsUnknown ? DialbackVerdict.NotFound : DialbackVerdict.Timeout;
        }
        catch (OperationCanceledException)
        {
            return DialbackVerdict.Timeout;
        }
    }

    public void Dispose()
    {
        Options.BlockList.Changed -= EndBlocked;
        _sweep.Dispose();
        _finder.Dispose();
        _connecting.Dispose();
        _verifying.Dispose();
    }

    // One after the other, until one of them has let us in: a server may be down in more ways than by refusing connections.
    private async Task<OutgoingStream> Connect(DomainPair pair, bool isForKeys, CancellationToken cancellationToken)
    {
        PeerUnreachableException? problem = null;
        foreach (var target in await _finder.Find(pair.To, cancellationToken))
        {
            for (var attempt = 1; attempt <= 2; attempt++)
            {
                try
                {
                    return await Connect(pair, target, isForKeys, cancellationToken);
                }
                catch (PeerUnreachableException one)
                {
                    problem = one;
                    if (!one.BeginsAnew)
                    {
                        break;
                    }
                }
            }
        }

        throw problem ?? new PeerUnreachableException("there is no server for it", isUnknown: true);
    }

    private async Task<OutgoingStream> Connect(DomainPair pair, PeerTarget target, bool isForKeys, CancellationToken cancellationToken)
    {
        var transport = new TcpConnection(await _finder.Connect(target, cancellationToken));
        if (!Streams.Limits.TryEnter(transport.Address))
        {
            transport.Abort();
            throw new PeerUnreachableException("this server has too many connections");
        }

        OutgoingStream? stream = null;
        var connection = new StreamConnection(
            transport,
            new XmlFrame(StreamRole.PeerOut, Streams.Options.Limits),
            Streams,
            (opened, output) => stream = new OutgoingStream(this, pair, isForKeys, transport, opened, output));
        _ = Run(connection, transport, target.IsDirect);
        try
        {
            await stream!.Ready().WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            stream!.TakeLeave();
            throw;
        }

        return stream;
    }

    private static async Task Run(StreamConnection connection, TcpConnection transport, bool isDirect)
    {
        await connection.Run(isDirect);
        await transport.DisposeAsync();
    }

    private StanzaErrorException? Send(DomainPair pair, Func<RemoteLink, StanzaErrorException?> send)
    {
        if (!Options.MayTalkTo(pair.To))
        {
            return new StanzaErrorException(StanzaCondition.RemoteServerNotFound, $"This server does not talk to {pair.To}.");
        }

        while (true)
        {
            try
            {
                return LinkOf(pair) is { } link ? send(link) : new StanzaErrorException(StanzaCondition.ResourceConstraint, "Too many other servers are talked to just now.");
            }
            catch (ObjectDisposedException)
            {
                // Forgotten at this moment: another one is made.
            }
        }
    }

    private RemoteLink? LinkOf(DomainPair pair) =>
        _links.TryGetValue(pair, out var link) ? link
        : _links.Count >= Options.MaxLinks ? null
        : _links.GetOrAdd(pair, static (pair, peers) => new RemoteLink(peers, pair), this);

    private void Forget()
    {
        foreach (var (pair, link) in _links)
        {
            if (link.TryRemove())
            {
                _links.TryRemove(KeyValuePair.Create(pair, link));
            }
        }
    }

    // A person's clients, which are told of a new picture at once, ask for it once together.
    private async ValueTask Show(Session client, Element iq, Jid to, string id)
    {
        try
        {
            var answer = await _pictures.Picture(client.Account.Jid, to, id);
            client.Send(answer.Copy().Set("id", iq["id"]).Set("from", to.Text).Set("to", client.Jid.Text));
        }
        catch (TimeoutException)
        {
            throw new StanzaErrorException(StanzaCondition.RemoteServerTimeout, $"{to.Domain} does not answer.");
        }
    }

    // Who is blocked from now on is not heard any more, either.
    private void EndBlocked()
    {
        foreach (var stream in OpenStreams)
        {
            if ((stream.PeerDomain.Length > 0 && !Options.MayTalkTo(stream.PeerDomain)) || Array.Exists(stream.Verified.All, pair => !Options.MayTalkTo(pair.From)))
            {
                stream.End(IncomingStream.Blocked());
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Connected from {From} to {To} ({By})")]
        public static partial void Connected(ILogger logger, string from, string to, string by);

        [LoggerMessage(2, LogLevel.Warning, "Not connected from {From} to {To}: {Reason}")]
        public static partial void Unreachable(ILogger logger, string from, string to, string reason);

        [LoggerMessage(3, LogLevel.Warning, "A server says that it is {Domain}, which could not be verified: {Reason}")]
        public static partial void NotVerified(ILogger logger, string domain, string reason);
    }
}
