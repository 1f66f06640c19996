using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Likeness.Cli.Checks.Connections;

/// <summary>How one address of a server answered.</summary>
/// <param name="Failure">Null: it accepted.</param>
/// <param name="Handshake">Null for http, or when there was no connection.</param>
internal sealed record ObservedConnection(string Host, IPEndPoint EndPoint, SocketError? Failure, ObservedHandshake? Handshake)
{
    public string Subject => $"{Host} {EndPoint}";

    /// <summary>The domain whose chats are served there, which the certificate has to be for (RFC 6120 §13.7.2); null for avatars, whose certificate is for the host.</summary>
    public string? ChatDomain { get; init; }

    /// <summary>The name that the certificate has to be for.</summary>
    public string CertificateName => ChatDomain ?? Host;
}

/// <summary>How TLS went.</summary>
/// <param name="Failure">Null: it was completed, whatever the certificate.</param>
internal sealed record ObservedHandshake(string? Failure, SslProtocols Protocol, ObservedCertificate? Certificate)
{
    /// <summary>What a server for other chat servers said to a made-up key; null: it was not asked.</summary>
    public ObservedKeys? Keys { get; init; }
}

/// <summary>What the server showed.</summary>
/// <param name="Names">The DNS names it is for.</param>
/// <param name="IsForHost">The name in the SRV record is among them.</param>
/// <param name="ChainProblems">What speaks against its chain, dates apart.</param>
internal sealed record ObservedCertificate(
    IReadOnlyList<string> Names,
    DateTimeOffset NotBefore,
    DateTimeOffset NotAfter,
    bool IsForHost,
    bool IsSelfSigned,
    IReadOnlyList<X509ChainStatusFlags> ChainProblems);
