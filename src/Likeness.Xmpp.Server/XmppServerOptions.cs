using System.Net;
using System.Security.Cryptography;
using Likeness.Accounts;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server;

/// <summary>What an operator can decide about the chat side.</summary>
public sealed record XmppServerOptions
{
    /// <summary>Clients may send the password itself (PLAIN), inside TLS; false: only proofs of it.</summary>
    public bool OffersPlain { get; init; } = true;

    /// <summary>Accept PLAIN and SCRAM without TLS; for development, loopback connections only.</summary>
    public bool PlaintextForDevelopment { get; init; }

    /// <summary>A developer's own machine: plain logins, no rate limits.</summary>
    public bool IsDevelopment(IPAddress client) => PlaintextForDevelopment && IPAddress.IsLoopback(client);

    /// <summary>Loopback addresses are limited like any other client; for tests.</summary>
    public bool LimitsOwnMachine { get; init; }

    /// <summary>What comes from the machine itself, a proxy or the operator, is not limited per client.</summary>
    public bool IsOwnMachine(IPAddress? client) => !LimitsOwnMachine && (client is null || IPAddress.IsLoopback(client));

    /// <summary>Who may register in-band (XEP-0077, XEP-0445).</summary>
    public Registration Registration { get; init; }

    /// <summary>People invite others to open accounts, not administrators alone (XEP-0401).</summary>
    public bool PeopleInvite { get; init; }

    /// <summary>Accounts that administer the server from their chat clients (XEP-0133), by their bare addresses.</summary>
    public IReadOnlySet<string> Admins { get; init; } = new HashSet<string>();

    /// <summary>Web sites whose pages may open a WebSocket, by their origins (RFC 6454); none: every one.</summary>
    public IReadOnlyList<string> WebOrigins { get; init; } = [];

    /// <summary>Secret of this installation; makes what unknown users are shown look like an account. The host keeps it across restarts.</summary>
    public byte[] Secret { get; init; } = RandomNumberGenerator.GetBytes(32);

    /// <summary>How long the answer to a failed login is held back.</summary>
    public TimeSpan FailureDelay { get; init; } = TimeSpan.FromSeconds(0.5);

    public StreamLimits Limits { get; init; } = new();

    /// <summary>Time from connecting to a bound resource.</summary>
    public TimeSpan NegotiationTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a closing stream waits for its peer.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Connections in all.</summary>
    public int MaxConnections { get; init; } = int.MaxValue;

    /// <summary>Connections of one client: an IPv4 address or an IPv6 /64.</summary>
    public int MaxConnectionsPerClient { get; init; } = 500;

    /// <summary>Stanzas of one connection, evenly over time; ten seconds' worth at once.</summary>
    public int MaxStanzasPerSecond { get; init; } = 1000;

    /// <summary>Bytes of one connection, evenly over time; ten seconds' worth at once.</summary>
    public int MaxBytesPerSecond { get; init; } = 4 * 1024 * 1024;

    /// <summary>OpenSSL gives back its buffers while a connection is quiet.</summary>
    public bool ReleasesTlsBuffers { get; init; } = true;

    /// <summary>How long a peer may take nothing while something waits for it.</summary>
    public TimeSpan ReadTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>After this much silence a client is asked for a sign of life; zero: never.</summary>
    public TimeSpan PingAfter { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long the sign of life may take.</summary>
    public TimeSpan PingTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Bytes that may wait for a slow reader before its session ends.</summary>
    public long MaxUnsentBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>How long a session waits for a client that lost its connection (XEP-0198); a client may ask for less. Zero: not at all.</summary>
    public TimeSpan MaxAway { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Sessions of one account that may wait so; the oldest ends first.</summary>
    public int MaxAwaySessionsPerAccount { get; init; } = 10;

    /// <summary>Sessions that may wait so; the oldest ends first.</summary>
    public int MaxAwaySessions { get; init; } = 50_000;

    /// <summary>Bytes that may wait for such clients; the oldest session ends first.</summary>
    public long MaxAwayBytes { get; init; } = 256 * 1024 * 1024;

    /// <summary>Resources of one account.</summary>
    public int MaxResources { get; init; } = 20;

    /// <summary>Accounts kept in memory because they were used lately; those that are online are kept beside them.</summary>
    public int MaxRecentAccounts { get; init; } = 100_000;

    /// <summary>What those may take.</summary>
    public long MaxRecentAccountBytes { get; init; } = 256 * 1024 * 1024;

    /// <summary>Roster items of one account.</summary>
    public int MaxRosterItems { get; init; } = 1000;

    /// <summary>Bytes of addresses, names and groups in one roster; 0: 512 for each contact it may hold.</summary>
    public long MaxRosterBytes
    {
        get => field == 0 ? 512L * MaxRosterItems : field;
        init;
    }

    /// <summary>Subscription requests that wait for one account's answer; more are not kept.</summary>
    public int MaxPendingRequests { get; init; } = 1000;

    /// <summary>Bytes of those requests; beyond, only who asks is kept.</summary>
    public long MaxPendingBytes { get; init; } = 256 * 1024;

    /// <summary>Offline messages kept for one account.</summary>
    public int MaxOfflineMessages { get; init; } = 100;

    /// <summary>Bytes of those messages.</summary>
    public long MaxOfflineBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>Bytes of a vCard without its picture.</summary>
    public int MaxVCardBytes { get; init; } = 256 * 1024;

    /// <summary>Bytes of private XML of one account.</summary>
    public int MaxPrivateBytes { get; init; } = 1024 * 1024;

    /// <summary>Bytes of all PEP nodes of one account with their items, the avatar nodes apart.</summary>
    public int MaxPepBytes { get; init; } = 10 * 1024 * 1024;

    /// <summary>How long changes of one portrait are gathered before presence is sent again.</summary>
    public TimeSpan PresenceCoalescing { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Programs that answer for domains of their own (XEP-0114).</summary>
    public IReadOnlyList<ComponentOptions> Components { get; init; } = [];

    /// <summary>Domains of the service for files (XEP-0363); null: <c>upload.</c> before each domain.</summary>
    public IReadOnlyList<string>? UploadServices { get; init; }

    /// <summary>Whom to write to about the server (XEP-0157).</summary>
    public IReadOnlyList<ServerContact> Contacts { get; init; } = [];

    /// <summary>Servers that help calls (XEP-0215).</summary>
    public IReadOnlyList<ExternalService> ExternalServices { get; init; } = [];

    /// <summary>What TURN servers know too; null: people get no credentials.</summary>
    public byte[]? TurnSecret { get; init; }

    /// <summary>Other servers.</summary>
    public FederationOptions Federation { get; init; } = new();

    /// <summary>Archives of people and rooms (XEP-0313).</summary>
    public ArchiveOptions Archive { get; init; } = new();

    /// <summary>Rooms (XEP-0045).</summary>
    public RoomOptions Rooms { get; init; } = new();

    /// <summary>How long a replaced or not yet announced avatar stays readable by its id.</summary>
    public TimeSpan DraftLifetime { get; init; } = TimeSpan.FromMinutes(10);
}

/// <summary>A program that answers for a domain of its own (XEP-0114).</summary>
/// <param name="Secret">What it shares with the server; never shown.</param>
public sealed record ComponentOptions(string Domain, string Secret)
{
    public override string ToString() => Domain;
}

/// <summary>Whom to write to.</summary>
/// <param name="Purpose">Such as <c>abuse</c> (XEP-0157 §2).</param>
/// <param name="Address">A URI.</param>
public sealed record ServerContact(string Purpose, string Address);

/// <summary>A server that helps calls.</summary>
/// <param name="Type"><c>stun</c>, <c>turn</c> or <c>turns</c>.</param>
/// <param name="Transport"><c>udp</c> or <c>tcp</c>.</param>
public sealed record ExternalService(string Type, string Host, int Port, string Transport);
