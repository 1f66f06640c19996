using Likeness.Cli.Federation;
using Likeness.Libravatar.Resolving;

namespace Likeness.Cli.Checks.Names;

/// <summary>Everything DNS said about a domain's avatar and chat servers.</summary>
/// <param name="IsForPerson">It is looked at for the sake of one person, who may well be at the public server.</param>
/// <param name="Targets">The hosts that the records lead to.</param>
internal sealed record ObservedDomain(string Domain, bool IsForPerson, ObservedService Secure, ObservedService Plain, IReadOnlyList<ObservedTarget> Targets)
{
    /// <summary>The names under which avatars are looked for.</summary>
    public IEnumerable<ObservedService> Services => [Secure, Plain];

    /// <summary>The names under which chat clients and other chat servers look (RFC 6120 §3.2.1, XEP-0368).</summary>
    public IReadOnlyList<ObservedService> Chat { get; init; } = [];

    public IEnumerable<ObservedService> All => Services.Concat(Chat);
}

/// <summary>What DNS said to one service name of a domain.</summary>
internal sealed record ObservedService(string Name, bool IsSecure, DnsAnswer Answer)
{
    public IReadOnlyList<ServiceRecord> Records { get; } = [.. Answer.Records.OfType<ServiceRecord>()];

    /// <summary>How a connection for chats begins; null for avatars.</summary>
    public ChatStart? Chat { get; init; }

    public int UsualPort => Chat switch
    {
        ChatStart.Client => 5222,
        ChatStart.ClientTls => 5223,
        ChatStart.Server => 5269,
        ChatStart.ServerTls => 5270,
        _ => IsSecure ? 443 : 80,
    };
}

/// <summary>How a connection for chats begins.</summary>
internal enum ChatStart
{
    /// <summary>In plain text, for clients; TLS is asked for.</summary>
    Client,

    /// <summary>With TLS at once, for clients.</summary>
    ClientTls,

    /// <summary>In plain text, for other servers; TLS is asked for.</summary>
    Server,

    /// <summary>With TLS at once, for other servers.</summary>
    ServerTls,
}

/// <summary>A host that SRV records lead to, and what DNS said about it.</summary>
/// <param name="MayConnect">Whether any of its addresses may be gone to from here.</param>
internal sealed record ObservedTarget(string Host, HostAddresses Addresses, bool MayConnect);
