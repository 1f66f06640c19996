using System.Net.Security;
using Likeness.Xmpp.Xml;
using Microsoft.Extensions.Logging;

namespace Likeness.Xmpp.Server.Connections;

/// <summary>What every stream needs; one instance for all of them.</summary>
/// <param name="Certificates">Chooses a certificate by server name; a null name asks for the default one.</param>
public sealed record StreamServices(
    XmppServerOptions Options,
    DomainPolicies Domains,
    StreamExtensions Extensions,
    ISessionBinder Sessions,
    Authentication Authentication,
    OpenConnections Connections,
    ConnectionLimits Limits,
    Func<string?, SslStreamCertificateContext> Certificates,
    TimeProvider Time,
    ILogger<StreamConnection> Log);

/// <summary>Gives a session to whoever authenticated. A connection knows no more of sessions than this.</summary>
public interface ISessionBinder
{
    /// <param name="account">Bare address.</param>
    /// <param name="resource">What the client asks for; null or empty: the server makes one.</param>
    /// <exception cref="StanzaErrorException">The resource cannot be bound; another one may be asked for.</exception>
    ValueTask<IStreamSession> Bind(Jid account, string? resource, StreamConnection connection);
}

/// <summary>Who is logged in, as its connection sees it.</summary>
public interface IStreamSession
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

    /// <summary>The connection is lost or was closed. What waits leaves first when <paramref name="mayDrain"/>; the rest counts as undelivered.</summary>
    ValueTask End(bool mayDrain);
}
