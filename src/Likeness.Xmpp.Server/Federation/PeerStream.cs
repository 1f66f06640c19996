using System.Net;
using Likeness.Xmpp.Server.Connections;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Federation;

/// <summary>
/// One connection with another server, begun by either side: for which pairs of domains the peer may send, the keys that are being
/// verified over it, and whose stanzas leave by it. What is written by others goes through its lock; a peer that does not read is cut off.
/// </summary>
internal abstract class PeerStream : Negotiation, IStreamSession
{
    private const int MaxSaid = 100;
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(60);
    private readonly Lock _sync = new();
    private readonly Queue<Element> _said = [];
    private readonly List<RemoteLink> _links = [];
    private readonly VerifiedPairs _verified = new();
    private readonly PendingKeys _keys = new();
    private readonly StanzaLanes _lanes;
    private DomainPace? _pace;
    private long _used;
    private long _written;
    private bool _isOver;

    protected PeerStream(Peers peers, IStreamTransport transport, StreamConnection connection, StreamOutput output)
        : base(peers.Streams, connection, output)
    {
        Peers = peers;
        Address = transport.Address ?? IPAddress.None;
        Since = peers.Time.GetUtcNow();
        _used = _written = peers.Time.GetTimestamp();
        _lanes = new StanzaLanes(peers.Strangers, peers.Router, peers.Options.MaxHandling, connection);
    }

    public IPAddress Address { get; }

    public DateTimeOffset Since { get; }

    /// <summary>The peer's domain, as the header says; empty while it has not.</summary>
    public string PeerDomain { get; protected set; } = "";

    /// <summary>How the peer is known to be who it says; null: it is not.</summary>
    public string? AuthenticatedBy { get; protected set; }

    /// <summary>Stanzas go both ways (XEP-0288).</summary>
    public bool IsBidirectional { get; protected set; }

    public SecuredTransport? Tls { get; private set; }

    /// <summary>What the peer said last, if it ended the stream; for people.</summary>
    public string? EndReason { get; private set; }

    /// <summary>All connections of one domain share what it may send, so that opening more of them is of no use.</summary>
    public override TimeSpan Pace(ref SendingPace connection, long now, int stanzas, long bytes) => Session is null
        ? connection.Take((Peers.Options.MaxStanzasPerSecond, Peers.Options.MaxBytesPerSecond), Peers.Time, now, stanzas, bytes)
        : (_pace ??= Peers.PaceOf(PeerDomain)).Take(now, stanzas, bytes);

    /// <summary>Pairs for which the peer may send.</summary>
    public VerifiedPairs Verified => _verified;

    Jid IStreamSession.Jid => Jid.Parse(PeerDomain);

    protected Peers Peers { get; }

    public override void Secured(SecuredTransport secured) => Tls = secured;

    /// <summary>Why the peer's certificate does not speak for this domain; null: it does.</summary>
    protected string? CertificateProblem(string domain) =>
        Tls?.Peer is { } peer ? peer.Problem(domain, Peers.Options.Authorities) : "it shows no certificate";

    /// <summary>Writes something of the stream itself, behind what waits.</summary>
    protected void Say(Element element)
    {
        lock (_sync)
        {
            if (_isOver)
            {
                return;
            }

            if (_said.Count == 0 && Output.IsReady)
            {
                Output.Write(element);
                return;
            }

            _said.Enqueue(element);
            if (_said.Count <= MaxSaid)
            {
                return;
            }
        }

        Connection.CloseStuck(new StreamErrorException("resource-constraint", "Too much waits to be read."));
    }

    /// <summary>Writes a stanza. False: not now; the link is told when there is room, or that the stream is over.</summary>
    public bool Write(Element stanza)
    {
        lock (_sync)
        {
            if (!MayWrite)
            {
                return false;
            }

            Output.Write(stanza);
            return true;
        }
    }

    /// <inheritdoc cref="Write(Element)"/>
    /// <param name="addressee">Attribute text, UTF-8, escaped; empty: it has its address.</param>
    public bool Write(PreparedStanza stanza, ReadOnlySpan<byte> addressee)
    {
        lock (_sync)
        {
            if (!MayWrite)
            {
                return false;
            }

            stanza.WriteTo(Output.Buffer, addressee);
            Output.Flush();
            return true;
        }
    }

    /// <summary>Ends it, with the reason.</summary>
    public void End(StreamErrorException reason) => Connection.Close(reason);

    /// <summary>It is not needed any more.</summary>
    public void TakeLeave() => Connection.TakeLeave();

    /// <summary>Stanzas of the link leave by this stream from now on. False: it is over.</summary>
    public bool Add(RemoteLink link)
    {
        lock (_sync)
        {
            if (!_isOver)
            {
                _links.Add(link);
            }

            return !_isOver;
        }
    }

    /// <summary>Has a key verified by the peer, whose domain it is about.</summary>
    /// <param name="pair">From ours to the peer's.</param>
    public Task<DialbackVerdict> Ask(DomainPair pair, string id, string key)
    {
        Volatile.Write(ref _used, Peers.Time.GetTimestamp());
        if (_keys.Add(pair, id, out var verdict))
        {
            Say(Dialback.Element("verify", pair, id).Add(key));
        }

        return verdict;
    }

    public override ValueTask Leave(StreamEnd end)
    {
        RemoteLink[] links;
        lock (_sync)
        {
            _isOver = true;
            Output.TellWhenDrained(null);
            links = [.. _links];
            _links.Clear();
        }

        _keys.End(EndReason == "host-unknown" ? DialbackVerdict.NotFound : DialbackVerdict.Timeout);
        Ended();
        foreach (var link in links)
        {
            link.Lost(this, isBroken: end == StreamEnd.Lost || EndReason is not null);
        }

        return base.Leave(end);
    }

    void IStreamSession.Attach(StreamOutput output)
    {
        // The stream writes by its own output from the beginning.
    }

    ValueTask IStreamSession.Receive(Element stanza) => Receive(stanza);

    ValueTask<bool> IStreamSession.Writable(CancellationToken cancellationToken) => new(true);

    void IStreamSession.StopWaiting()
    {
        // Nobody waits for another server.
    }

    void IStreamSession.Ping()
    {
        // White space and the system's keep-alive find out who is gone.
    }

    bool IStreamSession.IsSilent(TimeSpan silence)
    {
        var now = Peers.Time.GetTimestamp();
        if (IsOurs && Peers.Time.GetElapsedTime(Volatile.Read(ref _used), now) >= Peers.Options.MaxIdle)
        {
            Connection.TakeLeave();
        }
        else if (Peers.Time.GetElapsedTime(Volatile.Read(ref _written), now) >= KeepAlive)
        {
            Volatile.Write(ref _written, now);
            Output.Interject(" "u8);
        }

        return false;
    }

    ValueTask IStreamSession.End(StreamConnection connection, StreamEnd end) => default;

    /// <summary>The stream is over; called once, before links look for another one.</summary>
    protected abstract void Ended();

    /// <summary>The peer may send stanzas for this pair, and for every pair from there when its certificate says who it is.</summary>
    protected void Admit(DomainPair pair, string by)
    {
        _verified.Add(pair);
        AuthenticatedBy ??= by;
        Frame.Trust();
        Open();
    }

    /// <summary>From now on stanzas may go over it.</summary>
    protected void Open()
    {
        if (Session is null)
        {
            Output.TellWhenDrained(Drained);
            Bind(this);
        }
    }

    /// <summary>A key that the peer wants to be verified: it is about a domain of ours (XEP-0220 §2.2.2).</summary>
    protected void Verify(Element asked)
    {
        if (asked["type"] is not null)
        {
            TakeVerdict(asked);
            return;
        }

        if (!TryRead(asked, out var pair) || asked["id"] is not { } id)
        {
            throw new StreamErrorException("improper-addressing");
        }

        Say(Tls is null && !Peers.IsDevelopment(Address) ? Dialback.Answer(asked, StanzaCondition.PolicyViolation)
            : !Peers.IsOurs(pair.To) ? Dialback.Answer(asked, StanzaCondition.ItemNotFound)
            : Dialback.Answer(asked, Peers.Dialback.IsKey(asked.Text(), pair.From, pair.To, id) ? DialbackVerdict.Valid : DialbackVerdict.Invalid));
    }

    /// <summary>A stanza of the peer: from whom it may be, to whom we are.</summary>
    protected ValueTask Receive(Element element)
    {
        if (element.Namespace != Ns.Server || element.Name is not ("message" or "presence" or "iq"))
        {
            throw new StreamErrorException("unsupported-stanza-type");
        }

        if (Session is null)
        {
            throw new StreamErrorException("not-authorized", "Say first who you are, by SASL EXTERNAL or dialback.");
        }

        var stanza = element.Renamed(Ns.Client);
        if (!Jid.TryParse(stanza["from"], out var from) || !MaySend(from.Domain, out var isForAll))
        {
            throw new StreamErrorException("invalid-from", "What is sent here is from a domain that was verified on this stream.");
        }

        if (!Jid.TryParse(stanza["to"], out var to))
        {
            throw new StreamErrorException("improper-addressing", "What is sent here has an address in 'to'.");
        }

        Volatile.Write(ref _used, Peers.Time.GetTimestamp());
        if (!Peers.IsOurs(to.Domain))
        {
            Refuse(stanza, from);
            return default;
        }

        if (!isForAll && !_verified.Contains(new DomainPair(from.Domain, to.Domain)))
        {
            throw new StreamErrorException("host-unknown", $"{from.Domain} was not verified for {to.Domain} on this stream.");
        }

        stanza.Set("from", from.Text).Set("to", to.Text);
        return _lanes.Take(stanza, from, to);
    }

    /// <summary>Whether the peer's certificate speaks for this domain, to whichever domain of ours.</summary>
    protected abstract bool IsCertified(string domain);

    protected static bool TryRead(Element dialback, out DomainPair pair)
    {
        pair = default;
        if (!Jid.TryParse(dialback["from"], out var from) || !Jid.TryParse(dialback["to"], out var to) || from.Text != from.Domain || to.Text != to.Domain)
        {
            return false;
        }

        pair = new DomainPair(from.Domain, to.Domain);
        return true;
    }

    protected StreamOutcome EndedBy(Element error)
    {
        EndReason = error.FirstOrDefault(child => child.Namespace == Ns.StreamErrors && child.Name != "text")?.Name ?? "undefined-condition";
        return StreamOutcome.Ended;
    }

    private bool MayWrite
    {
        get
        {
            Volatile.Write(ref _written, Peers.Time.GetTimestamp());
            Volatile.Write(ref _used, _written);
            return !_isOver && _said.Count == 0 && Output.IsReady;
        }
    }

    private bool MaySend(string domain, out bool isForAll)
    {
        isForAll = IsCertified(domain);
        return isForAll || _verified.IncludesSender(domain);
    }

    private void TakeVerdict(Element answer)
    {
        if (!TryRead(answer, out var pair) || answer["id"] is not { } id)
        {
            throw new StreamErrorException("improper-addressing");
        }

        var verdict = answer["type"] switch
        {
            "valid" => DialbackVerdict.Valid,
            "invalid" => DialbackVerdict.Invalid,
            _ => Dialback.ConditionOf(answer) == "item-not-found" ? DialbackVerdict.NotFound : DialbackVerdict.Timeout,
        };
        if (!_keys.Take(pair.Back, id, verdict))
        {
            // XEP-0220 §3.1: it must answer what was asked on this very stream.
            throw new StreamErrorException("policy-violation", "Nobody asked for this to be verified.");
        }
    }

    // To a domain that nobody here answers for: the stanza is refused, the stream goes on. The answer comes from whom the peer knows.
    private void Refuse(Element stanza, Jid from)
    {
        if (StanzaReply.Error(stanza, StanzaCondition.ItemNotFound, "This domain is not served here.") is { } refusal)
        {
            Peers.Router.Send(new ServerSender(from), refusal.Set("from", Domain), from);
        }
    }

    // The output is ready again, or over.
    private void Drained()
    {
        RemoteLink[] links;
        lock (_sync)
        {
            while (Output.IsReady && _said.TryDequeue(out var element))
            {
                Output.Write(element);
            }

            links = [.. _links];
        }

        foreach (var link in links)
        {
            link.Drain();
        }
    }
}
