using System.Collections.Frozen;
using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Likeness.Xmpp.Server;

/// <summary>What an operator can decide about other servers, and how much they may take.</summary>
public sealed record FederationOptions
{
    /// <summary>Other servers are talked to; else every other domain is not found.</summary>
    public bool IsOn { get; init; }

    /// <summary>Domains that nothing comes from and nothing goes to; <c>*.example.net</c> means all below it.</summary>
    public DomainPatterns Blocked { get; init; } = DomainPatterns.None;

    /// <summary>Those of a list that changes while the server runs; blocked as well.</summary>
    public DomainBlockList BlockList { get; init; } = new();

    /// <summary>The only domains that are talked to, written in the same way; empty: all.</summary>
    public DomainPatterns Allowed { get; init; } = DomainPatterns.None;

    /// <summary>Another server needs a certificate for its domain; else the word of DNS will do (XEP-0220), over TLS.</summary>
    public bool RequiresCertificates { get; init; }

    /// <summary>Domains that need none all the same.</summary>
    public DomainPatterns WithoutCertificate { get; init; } = DomainPatterns.None;

    /// <summary>Addresses of private networks and of the machine itself are gone to as well.</summary>
    public bool AllowsPrivateAddresses { get; init; }

    /// <summary>DNS resolvers, addresses with or without port; empty: those of the system.</summary>
    public IReadOnlyList<string> Resolvers { get; init; } = [];

    /// <summary>Where the servers of domains are, instead of asking DNS.</summary>
    public IReadOnlyDictionary<string, DnsEndPoint> Routes { get; init; } = FrozenDictionary<string, DnsEndPoint>.Empty;

    /// <summary>Certificate authorities that are trusted beside those of the machine.</summary>
    public X509Certificate2Collection Authorities { get; init; } = [];

    /// <summary>Stanzas that wait for the connection to one domain.</summary>
    public int MaxWaitingStanzas { get; init; } = 1000;

    /// <summary>Bytes of those.</summary>
    public int MaxWaitingBytes { get; init; } = 1024 * 1024;

    /// <summary>From the first stanza that waits until there is a connection, or all that wait are answered with an error.</summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>One address: until it accepts the connection.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long another server may take for each of its answers while a stream is negotiated.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long another server may take to find out who we are (SASL, dialback).</summary>
    public TimeSpan AuthenticationTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a server that connected may take until it has said who it is.</summary>
    public TimeSpan MaxUnknown { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A connection of ours over which nothing went for this long is closed.</summary>
    public TimeSpan MaxIdle { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Connections that are being opened at one moment.</summary>
    public int MaxConnecting { get; init; } = 20;

    /// <summary>Pairs of a domain of ours and another that are known at one moment.</summary>
    public int MaxLinks { get; init; } = 10_000;

    /// <summary>Connections of one client (an IPv4 address or an IPv6 /64) that have not said who they are.</summary>
    public int MaxUnknownPerClient { get; init; } = 10;

    /// <summary>Connections that one client may open a minute.</summary>
    public int MaxConnectionsPerMinute { get; init; } = 30;

    /// <summary>Pairs of domains on one connection.</summary>
    public int MaxPairs { get; init; } = 100;

    /// <summary>Pairs on one connection that are being verified.</summary>
    public int MaxVerifying { get; init; } = 10;

    /// <summary>Stanzas of one connection that are being handled at one moment; more are read later.</summary>
    public int MaxHandling { get; init; } = 256;

    /// <summary>Stanzas of one domain over all its connections, evenly over time; ten seconds' worth at once.</summary>
    public int MaxStanzasPerSecond { get; init; } = 100;

    /// <summary>Bytes of one domain over all its connections, evenly over time; ten seconds' worth at once.</summary>
    public int MaxBytesPerSecond { get; init; } = 1024 * 1024;

    /// <summary>How long a domain is not tried again when it could not be reached, by how often in a row; a fifth more or less each time.</summary>
    public IReadOnlyList<TimeSpan> Pauses { get; init; } = [TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60), TimeSpan.FromMinutes(5)];

    /// <summary>Requests for a subscription that come in an hour from one domain of which nobody here knows anybody; more are refused.</summary>
    public int MaxStrangerRequestsPerHour { get; init; } = 20;

    /// <summary>Messages that one account gets in a minute of people elsewhere who are no contacts and to whom it has not written; more are refused.</summary>
    public int MaxStrangerMessagesPerMinute { get; init; } = 10;

    /// <summary>How often in a minute one domain is told that somebody is not here; more is not answered.</summary>
    public int MaxNobodiesPerMinute { get; init; } = 30;

    /// <summary>Whether this domain is talked to.</summary>
    public bool MayTalkTo(string domain) => !Blocked.Include(domain) && !BlockList.Patterns.Include(domain) && (Allowed.IsEmpty || Allowed.Include(domain));

    /// <summary>Whether this domain's server has to have a certificate.</summary>
    public bool NeedsCertificate(string domain) => RequiresCertificates && !WithoutCertificate.Include(domain);
}

/// <summary>Names of domains, in lower case; <c>*.example.net</c> means all below it.</summary>
/// <param name="patterns">As they are written.</param>
public sealed class DomainPatterns(IEnumerable<string> patterns)
{
    private readonly FrozenSet<string> _patterns = patterns.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>There are none.</summary>
    public static DomainPatterns None { get; } = new([]);

    /// <summary>There are none.</summary>
    public bool IsEmpty => _patterns.Count == 0;

    /// <summary>Distinct ones.</summary>
    public int Count => _patterns.Count;

    /// <summary>Whether one of them means this domain. The time does not depend on how many there are.</summary>
    public bool Include(string domain)
    {
        if (_patterns.Count == 0)
        {
            return false;
        }

        if (_patterns.Contains(domain))
        {
            return true;
        }

        for (var dot = domain.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = domain.IndexOf('.', dot + 1))
        {
            if (_patterns.Contains(string.Concat("*", domain.AsSpan(dot))))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>These and others.</summary>
    public DomainPatterns And(params IEnumerable<string> others) => new(_patterns.Concat(others));
}

/// <summary>Blocked domains that an operator changes while the server runs.</summary>
public sealed class DomainBlockList
{
    private DomainPatterns _patterns = DomainPatterns.None;

    /// <summary>Told after a change, on the thread that made it.</summary>
    public event Action? Changed;

    /// <summary>Those that are in force; may be set at any time.</summary>
    public DomainPatterns Patterns
    {
        get => Volatile.Read(ref _patterns);
        set
        {
            Volatile.Write(ref _patterns, value);
            Changed?.Invoke();
        }
    }
}
