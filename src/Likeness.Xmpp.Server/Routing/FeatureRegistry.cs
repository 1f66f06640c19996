using System.Collections.Immutable;
using Likeness.Xmpp.Server.Connections;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Routing;

/// <summary>Who receives a presence, as far as what may be shown in it differs.</summary>
internal enum PresenceAudience
{
    /// <summary>Contacts with a subscription, and the user's own resources.</summary>
    Subscribers,

    /// <summary>Addressed directly to somebody without a subscription: a stranger, a room, a remote service.</summary>
    Stranger,
}

/// <summary>What the features put in, filled once at start and only read afterwards.</summary>
internal sealed class FeatureRegistry
{
    private readonly HashSet<(string Type, string Name, string Namespace)> _ownOnly = [];
    private readonly HashSet<(string Type, string Name, string Namespace)> _anybodys = [];
    private readonly Dictionary<(bool Account, string Type, string Name, string Namespace), IqHandler> _handlers = [];
    private readonly Dictionary<(string Name, string Namespace), PreparedIqHandler> _prepared = [];
    private readonly List<(MessageStage Stage, Func<MessagePassage, ValueTask> Pass)> _messages = [];
    private readonly List<(MessageStage Stage, Func<SentMessage, ValueTask> Pass)> _sent = [];

    /// <summary>What takes part in the negotiation of streams.</summary>
    public StreamExtensions Streams { get; } = new();

    /// <summary>disco#info features of the domain.</summary>
    public SortedSet<string> ServerFeatures { get; } = new(StringComparer.Ordinal);

    /// <summary>disco#info features of every account.</summary>
    public SortedSet<string> AccountFeatures { get; } = new(StringComparer.Ordinal);

    /// <summary>disco#info identities of every account: category and type.</summary>
    public List<(string Category, string Type)> AccountIdentities { get; } = [];

    /// <summary>Elements of stream features offered to an authenticated, unbound stream.</summary>
    public List<Func<Element>> StreamFeatures => Streams.Features;

    /// <summary>Elements of stream features offered before authentication, once the stream is secured.</summary>
    public List<Func<Element>> EarlyStreamFeatures => Streams.EarlyFeatures;

    /// <summary>Answers iqs of a stream that is not authenticated yet (XEP-0077), by namespace of the payload.</summary>
    public Dictionary<string, Func<EarlyIqRequest, ValueTask<Element?>>> EarlyIqs => Streams.EarlyIqs;

    /// <summary>What is added to an available presence of a session for one audience.</summary>
    public List<Func<Session, PresenceAudience, IPresenceStamp>> PresenceStamps { get; } = [];

    /// <summary>An available or unavailable broadcast presence of a local session was taken in; the flag tells the first available one.</summary>
    public List<Action<Session, Element, bool>> PresenceTaken { get; } = [];

    /// <summary>A presence came from somebody who is not of this server: from whom, what, for which address of ours.</summary>
    public List<Action<Jid, Element, Jid>> PresenceReceived { get; } = [];

    /// <summary>A session became available for the first time, its presence and probes are out.</summary>
    public List<Func<Session, ValueTask>> BecameAvailable { get; } = [];

    /// <summary>The first presence of a session, or a later one, made its priority non-negative.</summary>
    public List<Func<Session, ValueTask>> ReceivesMessages { get; } = [];

    /// <summary>A client came back to its session by another connection.</summary>
    public List<Action<Session>> SessionResumed { get; } = [];

    /// <summary>A message or iq begins to wait for a client that is away. Called under gates: return at once.</summary>
    public List<Action<Session, PreparedStanza>> StanzaWaits { get; } = [];

    /// <summary>What a bound client sends beside stanzas, by namespace.</summary>
    public Dictionary<string, Action<Session, Element>> StreamElements { get; } = new(StringComparer.Ordinal);

    /// <summary>
    /// What a client may switch on with the binding of its resource (XEP-0386), by the namespace that is announced: gets the client's element and
    /// returns what the client is told, if anything. Called under the account's gates, before anybody can send to the session.
    /// </summary>
    public Dictionary<string, Func<Session, Element, Element?>> Inline { get; } = new(StringComparer.Ordinal);

    /// <summary>What a client is told of the moment in which its resource was bound, such as where its archive ends.</summary>
    public List<Func<Session, ValueTask<Element?>>> SessionBound { get; } = [];

    /// <summary>A session ended; it is no longer among its account's sessions.</summary>
    public List<Action<Session>> SessionEnded { get; } = [];

    /// <summary>A local contact may now see (true) or no longer see (false) the account's presence.</summary>
    public List<Action<Account, Jid, bool>> SubscriptionChanged { get; } = [];

    /// <summary>Whether the account agreed beforehand to this request for a subscription; asked once for each.</summary>
    public List<Func<Account, Element, ValueTask<bool>>> RequestAgreedTo { get; } = [];

    /// <summary>So many of the <see cref="MessageStages"/> come first of which nobody sees anything: a message need not wait for its turn with them.</summary>
    public int QuietStages { get; private set; }

    /// <summary>What a message passes, in order.</summary>
    public ImmutableArray<Func<MessagePassage, ValueTask>> MessageStages { get; private set; } = [];

    /// <summary>What a message of a local session passes before it is routed, and after it.</summary>
    public ImmutableArray<Func<SentMessage, ValueTask>> BeforeRouting { get; private set; } = [];

    /// <inheritdoc cref="BeforeRouting"/>
    public ImmutableArray<Func<SentMessage, ValueTask>> AfterRouting { get; private set; } = [];

    /// <summary>Domains of this server that are not people's, such as that of rooms, and who answers for them.</summary>
    public Dictionary<string, IDestination> Services { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>disco#items of the domain: addresses and names.</summary>
    public List<(string Jid, string Name)> ServerItems { get; } = [];

    /// <summary>Data forms in the disco#info of the domain (XEP-0128).</summary>
    public List<Element> ServerForms { get; } = [];

    /// <summary>The disco#info <c>query</c> of a node of the domain; null: not a node of this feature that the asker may see.</summary>
    public List<Func<IqRequest, string, Element?>> ServerNodeInfo { get; } = [];

    /// <summary>The disco#items <c>query</c> of a node of the domain; null: not a node of this feature.</summary>
    public List<Func<IqRequest, string, Element?>> ServerNodeItems { get; } = [];

    /// <summary>A session wants events of nodes it did not want before; called once the session is available.</summary>
    public List<Func<Session, IReadOnlyCollection<string>, ValueTask>> InterestsAdded { get; } = [];

    /// <summary>disco#items of an account as the asker may see them.</summary>
    public List<Func<Account, Jid, ValueTask<IReadOnlyList<Element>>>> AccountItems { get; } = [];

    /// <summary>The disco#info <c>query</c> of a node of an account; null: not a node of this feature that the asker may see.</summary>
    public List<Func<Account, Jid, string, ValueTask<Element?>>> AccountNodeInfo { get; } = [];

    /// <summary>An iq get to a local account that is answered with bytes, for what is read very often.</summary>
    public void OnPreparedIq(string name, string ns, PreparedIqHandler handler) => _prepared.Add((name, ns), handler);

    public PreparedIqHandler? PreparedHandlerFor(string type, Element payload) =>
        type == "get" ? _prepared.GetValueOrDefault((payload.Name, payload.Namespace)) : null;

    /// <summary>An iq to a local account's bare address, or without address.</summary>
    public void OnAccountIq(string type, string name, string ns, IqHandler handler) => _handlers.Add((true, type, name, ns), handler);

    /// <summary>
    /// An iq to any bare address. Where there is no account, or one that blocks the asker, the same handler answers, with a
    /// request that has no target; else such an address says service-unavailable.
    /// </summary>
    public void OnAnybodysIq(string type, string name, string ns, IqHandler handler)
    {
        OnAccountIq(type, name, ns, handler);
        _anybodys.Add((type, name, ns));
    }

    /// <summary>An iq about the asker's own account only. Anybody else's is forbidden, whether it exists or not: the answer tells nothing.</summary>
    public void OnOwnIq(string type, string name, string ns, IqHandler handler)
    {
        OnAccountIq(type, name, ns, handler);
        _ownOnly.Add((type, name, ns));
    }

    public bool IsAnybodys(string type, Element payload) => _anybodys.Contains((type, payload.Name, payload.Namespace));

    public bool IsOwnOnly(string type, Element payload) => _ownOnly.Contains((type, payload.Name, payload.Namespace));

    /// <summary>Something a message passes at this stage, behind what was put there before.</summary>
    public void OnMessage(MessageStage stage, Func<MessagePassage, ValueTask> pass)
    {
        _messages.Add((stage, pass));
        QuietStages = _messages.Count(one => one.Stage <= MessageStage.Archive);
        MessageStages = [.. _messages.OrderBy(one => one.Stage).Select(one => one.Pass)];
    }

    /// <summary>Something a message passes on its sender's side: before it is routed, wherever it goes, or after it.</summary>
    public void OnSent(MessageStage stage, Func<SentMessage, ValueTask> pass)
    {
        _sent.Add((stage, pass));
        BeforeRouting = [.. _sent.Where(one => one.Stage < MessageStage.Deliver).OrderBy(one => one.Stage).Select(one => one.Pass)];
        AfterRouting = [.. _sent.Where(one => one.Stage >= MessageStage.Deliver).OrderBy(one => one.Stage).Select(one => one.Pass)];
    }

    /// <summary>An iq to the domain.</summary>
    public void OnServerIq(string type, string name, string ns, IqHandler handler) => _handlers.Add((false, type, name, ns), handler);

    public IqHandler? HandlerFor(bool account, string type, Element payload) =>
        _handlers.GetValueOrDefault((account, type, payload.Name, payload.Namespace));
}

/// <summary>One XEP served by the server: it advertises, parses, serves and writes in one place. The core knows none of them.</summary>
internal interface IFeature
{
    void Register(FeatureRegistry registry);
}
