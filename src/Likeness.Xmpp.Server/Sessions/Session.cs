using System.Collections.Frozen;
using System.Text;
using Likeness.Xmpp.Server.Connections;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Sessions;

/// <summary>A bound resource. Its own stream handles one stanza at a time; everybody may send to it.</summary>
internal sealed class Session : Sender, IStreamSession, IOutboxOwner
{
    /// <summary>Without acknowledgements: how long before its client was last heard a message may have been lost on a line that broke.</summary>
    internal static readonly TimeSpan RemembersFor = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan MaxHeld = TimeSpan.FromSeconds(30);
    private readonly Binding _binding;
    private StreamConnection? _connection;
    private Element? _presence;
    private FrozenSet<string> _interests = FrozenSet<string>.Empty;
    private DirectedAddresses? _directed;
    private ServerRequests? _requests;
    private ManagedStream? _stream;
    private MessagesAhead? _ahead;

    internal Session(Account account, Jid jid, StreamConnection connection, Binding binding, long maxWaitingBytes, TimeProvider time)
    {
        Account = account;
        Jid = jid;
        AddressBytes = Encoding.UTF8.GetBytes(System.Security.SecurityElement.Escape(jid.Text)!);
        _connection = connection;
        _binding = binding;
        Outbox = new Outbox(maxWaitingBytes, time, this);
    }

    public Account Account { get; }

    /// <summary>Full address.</summary>
    public override Jid Jid { get; }

    public override Session Client => this;

    /// <summary>The full address as attribute text.</summary>
    public byte[] AddressBytes { get; }

    /// <summary>What is on its way to the client.</summary>
    public Outbox Outbox { get; }

    /// <summary>The last available broadcast presence as the client sent it, without what the server adds; null while unavailable. Changed under the account's gate.</summary>
    public Element? Presence
    {
        get => Volatile.Read(ref _presence);
        set => Volatile.Write(ref _presence, value);
    }

    public bool IsAvailable => Presence is not null;

    /// <summary>−128…127.</summary>
    public int Priority { get; set; }

    /// <summary>Asked for the roster in this session: gets roster pushes.</summary>
    public bool IsRosterInterested { get; set; }

    /// <summary>Asked for the blocklist in this session: gets its pushes.</summary>
    public bool IsBlocklistInterested { get; set; }

    /// <summary>Wants a copy of what other resources of the account are sent and send themselves (XEP-0280).</summary>
    public bool WantsCopies { get; set; }

    /// <summary>The moment (UTC ticks) of a binding after which the client finds in the archive what came before: that is not sent to it as waiting messages (XEP-0386 §3.2). 0: it wants them.</summary>
    public long ReadsArchiveUntil { get; set; }

    /// <summary>Nodes this session wants events of: the <c>+notify</c> features of its capabilities (XEP-0163 §4.3).</summary>
    public FrozenSet<string> Interests
    {
        get => Volatile.Read(ref _interests);
        set => Volatile.Write(ref _interests, value);
    }

    /// <summary>The presence as subscribers get it, kept until it changes. Guarded by <see cref="Account.PresenceGate"/>.</summary>
    internal PreparedPresence? Prepared { get; set; }

    /// <summary>Entities that got directed available presence and are not subscribed; made on first use.</summary>
    public DirectedAddresses Directed => LazyInitializer.EnsureInitialized(ref _directed, static () => new DirectedAddresses());

    /// <summary>Somebody got directed available presence.</summary>
    public bool HasDirected => Volatile.Read(ref _directed) is { IsEmpty: false };

    /// <summary>What the server asks this client; made on first use.</summary>
    public ServerRequests Requests => LazyInitializer.EnsureInitialized(ref _requests, () => new ServerRequests(this));

    /// <summary>Neither replaced nor ended: what it says still counts.</summary>
    public bool IsBound => Account.Sessions.Contains(this);

    public void Send(Element stanza) => Outbox.Send(stanza);

    public override void Reply(Element stanza) => Send(stanza);

    public override void Reply(PreparedStanza stanza) => SendToBare(stanza);

    public override void ReplyResult(Element iq, ReadOnlySpan<byte> payload) => SendResult(iq, payload);

    /// <summary>Sends a stanza that has its address.</summary>
    public void Send(PreparedStanza stanza) => Outbox.Send(stanza, []);

    /// <summary>Sends to this session's account address: what was addressed to the bare JID stays so.</summary>
    public void SendToBare(PreparedStanza stanza) => Outbox.Send(stanza, Account.AddressBytes);

    public void SendToFull(PreparedStanza stanza) => Outbox.Send(stanza, AddressBytes);

    /// <summary>Answers an iq of this session with a payload that is serialised already.</summary>
    public void SendResult(Element iq, ReadOnlySpan<byte> payload) => Outbox.SendResult(iq, AddressBytes, payload);

    /// <summary>For whoever sends much at once: true when the client has taken what was sent; false: the session takes nothing any more, stop.</summary>
    public ValueTask<bool> Writable(CancellationToken cancellationToken = default) => Outbox.Writable(cancellationToken);

    /// <summary>Acknowledgements, and the way back for a client that lost its connection; null until the client asks for them.</summary>
    internal ManagedStream? Stream => Volatile.Read(ref _stream);

    /// <summary>The connection that serves it; null while its client is away. Changed by <see cref="Stream"/> alone.</summary>
    internal StreamConnection? Connection
    {
        get => Volatile.Read(ref _connection);
        set => Volatile.Write(ref _connection, value);
    }

    /// <summary>The client lost its connection and may come back; what is sent to it waits.</summary>
    public bool IsAway => Connection is null;

    /// <summary>Ends the session with this stream error; without one when its client is away.</summary>
    public void Close(StreamErrorException reason)
    {
        if (Stream is { } stream && stream.Forbid())
        {
            _ = _binding.EndAway(this);
        }
        else
        {
            Connection?.Close(reason);
        }
    }

    /// <summary>The client wants what it is sent to be counted, and what it sends acknowledged (XEP-0198 §3). Call while handling a stanza of it.</summary>
    /// <param name="awayFor">How long it wants to be waited for when its connection is lost; null: not at all.</param>
    /// <exception cref="StreamErrorException">It asked before.</exception>
    public void Manage(TimeSpan? awayFor) => Volatile.Write(ref _stream, ManagedStream.Begin(this, _binding, awayFor));

    /// <summary>As <see cref="Manage"/>, for a session that nobody can send to yet: returns what the client is told.</summary>
    public Element ManageFromTheStart(TimeSpan? awayFor)
    {
        var (stream, enabled) = ManagedStream.FromTheStart(this, _binding, awayFor);
        Volatile.Write(ref _stream, stream);
        return enabled;
    }

    void IStreamSession.Attach(StreamOutput output)
    {
        if (Stream is { } stream ? stream.Attach(output) : Outbox.Attach(output))
        {
            _binding.Handler.Resumed(this);
        }
    }

    ValueTask IStreamSession.Receive(Element stanza)
    {
        if (_ahead is { IsOver: true })
        {
            _ahead = null;
        }

        if (_ahead is null)
        {
            return Begin(stanza);
        }

        if (_ahead.HasRoom && Stream is not null && stanza.Namespace == Ns.StreamManagement)
        {
            _ahead.Add(Later(_ahead.Last, stanza), 0);
            return default;
        }

        return _ahead.HasRoom && _binding.Handler.MayOvertake(stanza) ? Begin(stanza) : BeginBehind(_ahead, stanza);
    }

    // Acknowledgements, and questions about them: what was handled is known when it is.
    private async ValueTask Later(Task former, Element element)
    {
        await former;
        _ = _binding.Handler.Receive(this, element, null);
    }

    private async ValueTask BeginBehind(MessagesAhead ahead, Element stanza)
    {
        await ahead.Last;

        // Others wait for the thread that told this one.
        await Task.Yield();
        _ahead = null;
        await Begin(stanza);
    }

    private ValueTask Begin(Element stanza)
    {
        var stream = Stream;
        var handling = _binding.Handler.Receive(this, stanza, _ahead?.Last);
        var end = stream is null || stanza.Namespace != Ns.Client ? handling.Task : stream.Count(handling.Task);
        if (end.IsCompleted || handling.Waiting is not { } bytes)
        {
            return end;
        }

        (_ahead ??= new MessagesAhead(this)).Add(end, bytes);
        return default;
    }

    void IStreamSession.StopWaiting() => Outbox.StopWaiting();

    // XEP-0199 §4.1; any answer will do.
    void IStreamSession.Ping() =>
        Send(new Element("iq", Ns.Client).Set("type", "get").Set("id", StanzaId.New()).Set("from", Jid.Domain).Set("to", Jid.Text).Add(new Element("ping", Ns.Ping)));

    bool IStreamSession.IsSilent(TimeSpan silence)
    {
        var now = _binding.Now;
        Outbox.Tidy(now - MaxHeld, now - silence - RemembersFor);
        return Stream is { } stream && stream.IsSilent(silence);
    }

    async ValueTask IStreamSession.End(StreamConnection connection, StreamEnd end)
    {
        if (_ahead is { } ahead)
        {
            await ahead.Last;
        }

        await _binding.End(this, connection, end);
    }

    // What waits goes back at once: the stream may still be busy with what its client sent.
    void IOutboxOwner.Overflowed()
    {
        if (Stream is { } stream && stream.Forbid())
        {
            _ = _binding.EndAway(this);
            return;
        }

        Connection?.CloseStuck(new StreamErrorException("resource-constraint", "Too much waits to be read."));
        _ = _binding.Return(this, DateTimeOffset.MinValue);
    }

    void IOutboxOwner.Away(long bytes) => _binding.Away.Kept(bytes);

    void IOutboxOwner.Waits(PreparedStanza stanza) => _binding.Handler.Waits(this, stanza);
}

/// <param name="Task">Completes at its end.</param>
/// <param name="Waiting">Bytes that wait for the disk, when that is all it does; the next stanza may begin. Null: it may not.</param>
internal readonly record struct StanzaHandling(ValueTask Task, int? Waiting);

/// <summary>What is done with sessions. Implemented above; sessions know no more of it than this.</summary>
internal interface ISessionHandler
{
    /// <summary>Handles one stanza of the session's client to its end; the next one comes only then, or when the stanza is on its way to the disk and the next one <see cref="MayOvertake">may begin</see> meanwhile.</summary>
    /// <param name="former">What came before and is not handled to its end yet; null: nothing.</param>
    StanzaHandling Receive(Session session, Element stanza, Task? former);

    /// <summary>Nothing that is done with it before what came earlier is handled to its end can be seen by anybody.</summary>
    bool MayOvertake(Element stanza);

    /// <summary>Switches on what the client wants from the first moment on. Nobody can send to the session yet; called under the account's gates.</summary>
    /// <param name="bound">What the client is told.</param>
    void Binding(Session session, Element wanted, Element bound);

    /// <summary>Adds to what the client is told how things were when everybody could send to the session already.</summary>
    ValueTask Bound(Session session, Element bound);

    /// <summary>The session is no longer among its account's sessions: whoever saw it is told. Called under the account's presence gate.</summary>
    void Left(Session session);

    /// <summary>The client came back on another connection; what waited for it is on its way.</summary>
    void Resumed(Session session);

    /// <summary>The session is over.</summary>
    void Ended(Session session);

    /// <summary>A message or iq begins to wait for a client that is away. Called while others wait: return at once.</summary>
    void Waits(Session session, PreparedStanza stanza);

    /// <summary>
    /// Stanzas that were sent to the session and that its client never took, in their order. Called one batch after the other; unless the
    /// session was replaced, it is still bound then, so that what is sent meanwhile comes behind what was sent before.
    /// </summary>
    ValueTask Undelivered(Session session, IReadOnlyList<ReturnedStanza> stanzas);
}
