using System.Net.Security;
using Likeness.Xmpp.Xml;
using Microsoft.Extensions.Logging;

namespace Likeness.Xmpp.Server.Connections;

/// <summary>What every stream needs; one instance for all of them.</summary>
/// <param name="Certificates">Chooses a certificate by server name; a null name asks for the default one.</param>
internal sealed record StreamServices(
    XmppServerOptions Options,
    DomainPolicies Domains,
    StreamExtensions Extensions,
    ISessionBinder Sessions,
    Authentication Authentication,
    OpenConnections Connections,
    ConnectionLimits Limits,
    Func<string?, SslStreamCertificateContext> Certificates,
    TimeProvider Time,
    ILogger<StreamConnection> Log)
{
    internal StreamFeatures Features { get; } = new(Options, Extensions);
}

/// <summary>Gives a session to whoever authenticated. A connection knows no more of sessions than this.</summary>
internal interface ISessionBinder
{
    /// <param name="account">Bare address.</param>
    /// <param name="resource">What the client asks for; null or empty: the server makes one.</param>
    /// <exception cref="StanzaErrorException">The resource cannot be bound; another one may be asked for.</exception>
    ValueTask<IStreamSession> Bind(Jid account, string? resource, StreamConnection connection);

    /// <summary>Binds a resource that the server names, and switches on at once what the client wants with it (XEP-0386): nobody can send to the session in between.</summary>
    /// <param name="account">Bare address.</param>
    /// <exception cref="StanzaErrorException">The account has too many.</exception>
    ValueTask<IStreamSession> Bind(Jid account, InlineBinding inline, StreamConnection connection);

    /// <summary>Adds to what the client is told of the binding how things were at that moment or later.</summary>
    ValueTask Describe(IStreamSession session, InlineBinding inline);

    /// <summary>Gives a session back to a client that lost its connection, or is about to find out (XEP-0198 §5). What its client has not got is sent again once it is attached.</summary>
    /// <param name="account">Bare address; no other one's session is found.</param>
    /// <param name="id">By which the session is known to the client.</param>
    /// <param name="handled">Stanzas of the session that the client has handled.</param>
    /// <exception cref="StreamErrorException">The client was not sent as many.</exception>
    ValueTask<ResumedStream> Resume(Jid account, string id, uint handled, StreamConnection connection, CancellationToken cancellationToken);
}

/// <summary>A binding as part of a login.</summary>
/// <param name="Tag">What the client wants its resource to begin with; null: nothing.</param>
/// <param name="Client">By which the account's clients are told apart; its earlier session ends. Null: the client did not say which one it is.</param>
/// <param name="Wanted">The client's own words.</param>
internal sealed record InlineBinding(string? Tag, string? Client, Element Wanted)
{
    /// <summary>What the client is told.</summary>
    public Element Bound { get; } = new("bound", Ns.Bind2);
}

/// <param name="Session">Null: there is none that could be resumed.</param>
/// <param name="Handled">Stanzas of the client that were handled to their end; null: not known.</param>
internal readonly record struct ResumedStream(IStreamSession? Session, uint? Handled);

/// <summary>How a stream came to its end.</summary>
internal enum StreamEnd
{
    /// <summary>One side took leave: the session is over, and what waits for the client leaves first.</summary>
    Closed,

    /// <summary>The client was not heard any more, or comes by another connection.</summary>
    Silent,

    /// <summary>The connection broke, or takes nothing any more.</summary>
    Lost,
}

/// <summary>Who is logged in, as its connection sees it.</summary>
internal interface IStreamSession
{
    Jid Jid { get; }

    /// <summary>From now on what is sent to the session leaves by this output, what waits first; the session alone writes to it until it <see cref="End">ends</see>.</summary>
    void Attach(StreamOutput output);

    /// <summary>Takes one stanza of the client and handles it to its end.</summary>
    ValueTask Receive(Element stanza);

    /// <summary>True when the client has taken what was sent to it; false: the session takes nothing any more.</summary>
    ValueTask<bool> Writable(CancellationToken cancellationToken = default);

    /// <summary>Lets go whoever waits in <see cref="Writable"/>: the connection ends.</summary>
    void StopWaiting();

    /// <summary>Asks the client for a sign of life.</summary>
    void Ping();

    /// <summary>Call every few seconds: what is to be acknowledged is. True: the client does not answer what it was asked.</summary>
    /// <param name="silence">How long nothing at all was heard of it.</param>
    bool IsSilent(TimeSpan silence);

    /// <summary>The connection is over. The session ends with it, unless its client may come back.</summary>
    ValueTask End(StreamConnection connection, StreamEnd end);
}
