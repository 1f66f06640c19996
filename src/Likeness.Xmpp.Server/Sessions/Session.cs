using System.Collections.Frozen;
using System.Text;
using Likeness.Xmpp.Server.Accounts;
using Likeness.Xmpp.Server.Connections;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Sessions;

/// <summary>A bound resource. Its own stream handles one stanza at a time; everybody may send to it.</summary>
public sealed class Session(Account account, Jid jid, StreamOutput output, Action<StreamErrorException> close)
{
    private Element? _presence;
    private FrozenSet<string> _interests = FrozenSet<string>.Empty;
    private DirectedAddresses? _directed;
    private ServerRequests? _requests;

    public Account Account { get; } = account;

    /// <summary>Full address.</summary>
    public Jid Jid { get; } = jid;

    /// <summary>The full address as attribute text.</summary>
    public byte[] AddressBytes { get; } = Encoding.UTF8.GetBytes(System.Security.SecurityElement.Escape(jid.Text)!);

    /// <summary>The last available broadcast presence as the client sent it, without what the server adds (X398-32); null while unavailable. Changed under the account's gate.</summary>
    public Element? Presence
    {
        get => Volatile.Read(ref _presence);
        set => Volatile.Write(ref _presence, value);
    }

    public bool IsAvailable => Presence is not null;

    /// <summary>−128…127 (C-12A).</summary>
    public int Priority { get; set; }

    /// <summary>Asked for the roster in this session: gets roster pushes (C-100).</summary>
    public bool IsRosterInterested { get; set; }

    /// <summary>Asked for the blocklist in this session: gets its pushes (C-151).</summary>
    public bool IsBlocklistInterested { get; set; }

    /// <summary>Nodes this session wants events of: the <c>+notify</c> features of its capabilities (XEP-0163 §4.3).</summary>
    public FrozenSet<string> Interests
    {
        get => Volatile.Read(ref _interests);
        set => Volatile.Write(ref _interests, value);
    }

    /// <summary>Held from a change of the presence until everybody was told, so that what is told last is what is so. Before the account's gate, never across an await, never two at once.</summary>
    public Lock PresenceGate { get; } = new();

    /// <summary>The presence as subscribers get it, kept until it changes. Guarded by <see cref="PresenceGate"/>.</summary>
    internal PreparedPresence? Prepared { get; set; }

    /// <summary>Entities that got directed available presence and are not subscribed; made on first use.</summary>
    public DirectedAddresses Directed => LazyInitializer.EnsureInitialized(ref _directed, static () => new DirectedAddresses());

    /// <summary>Somebody got directed available presence.</summary>
    public bool HasDirected => Volatile.Read(ref _directed) is { IsEmpty: false };

    /// <summary>What the server asks this client; made on first use.</summary>
    public ServerRequests Requests => LazyInitializer.EnsureInitialized(ref _requests, () => new ServerRequests(this));

    /// <summary>Neither replaced nor ended: what it says still counts.</summary>
    public bool IsBound => Account.Sessions.Contains(this);

    public void Send(Element stanza) => output.Write(stanza);

    /// <summary>Sends to this session's account address: what was addressed to the bare JID stays so (C-8E).</summary>
    public void SendToBare(PreparedStanza stanza) => output.Write(stanza, Account.AddressBytes);

    public void SendToFull(PreparedStanza stanza) => output.Write(stanza, AddressBytes);

    /// <summary>Answers an iq of this session with a payload that is serialised already.</summary>
    public void SendResult(Element iq, ReadOnlySpan<byte> payload) => output.WriteResult(iq, AddressBytes, payload);

    /// <summary>Ends the session's stream with this stream error.</summary>
    public void Close(StreamErrorException reason) => close(reason);
}
