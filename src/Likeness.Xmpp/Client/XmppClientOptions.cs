using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Client;

/// <summary>Whom to log in, where, and what the connection may cost.</summary>
public sealed record XmppClientOptions
{
    /// <summary>The account; its resource, if it has one, is asked for.</summary>
    public required Jid Account { get; init; }

    /// <summary>The password; null: <see cref="Token"/> alone logs in.</summary>
    public string? Password { get; init; }

    /// <summary>What the server gave for the next login (XEP-0484); tried before the password.</summary>
    public FastToken? Token { get; init; }

    /// <summary>Which client of the account this is (XEP-0388 §2.3), kept for as long as the program is installed. With it the server may give a <see cref="FastToken"/>.</summary>
    public Guid? ClientId { get; init; }

    /// <summary>The program's name, which the server may show in the resource it chooses and in the list of the account's clients.</summary>
    public string Software { get; init; } = "Likeness";

    /// <summary>Where to connect; null: where the SRV records of the account's domain say, or the domain itself.</summary>
    public string? Host { get; init; }

    /// <summary>The port at <see cref="Host"/>, or at the domain when no SRV record says another.</summary>
    public int Port { get; init; } = 5222;

    /// <summary>TLS from the first byte at <see cref="Host"/> (XEP-0368) instead of STARTTLS. SRV records say it themselves.</summary>
    public bool DirectTls { get; init; }

    /// <summary>Streams over WebSocket at this address (RFC 7395) instead of TCP; without TLS (<c>ws:</c>) only when <see cref="RequireTls"/> is off.</summary>
    public Uri? WebSocket { get; init; }

    /// <summary>Where no server of the domain can be reached by TCP, a WebSocket is looked for in its host-meta (XEP-0156), by HTTPS. Not when <see cref="Host"/> or <see cref="WebSocket"/> says where.</summary>
    public bool LooksForWebSocket { get; init; }

    /// <summary>Looks SRV records and addresses up; null: no SRV records are looked for, and addresses are asked of the system.</summary>
    public IServiceResolver? Resolver { get; init; }

    /// <summary>Without TLS no password is sent, and no connection is kept. Switch off for loopback and tests only.</summary>
    public bool RequireTls { get; init; } = true;

    /// <summary>Certificate authorities that are trusted beside those of the machine.</summary>
    public X509Certificate2Collection Authorities { get; init; } = [];

    /// <summary>Judges the server's certificate; null: it must be valid for the account's domain. See <see cref="Pinned"/>.</summary>
    public RemoteCertificateValidationCallback? AcceptCertificate { get; init; }

    /// <summary>For a login, for each request and for each write, 30 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>When a connection was lost, the client connects again, by itself, until it is closed or the server refuses it. What was underway goes on where the server agrees (XEP-0198).</summary>
    public bool Reconnects { get; init; } = true;

    /// <summary>The longest pause before another attempt to connect. The first is two seconds at most; each is twice the one before, of which a random part is waited.</summary>
    public TimeSpan MaxPause { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>After this time without a word the server is asked whether it is there, and has <see cref="Timeout"/> to say so.</summary>
    public TimeSpan MaxSilence { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Stanzas that came and that nobody has taken.</summary>
    public int MaxWaitingStanzas { get; init; } = 1000;

    /// <summary>Bytes of those, as they are written.</summary>
    public int MaxWaitingBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Stanzas that were sent and that the server has not acknowledged; who sends more waits.</summary>
    public int MaxUnacknowledged { get; init; } = 500;

    /// <summary>Bytes of those, as they are written.</summary>
    public int MaxUnacknowledgedBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>What this client is and can do, for those who ask (XEP-0030) and in its presence (XEP-0115); null: nobody is told. Features end in <c>+notify</c> for events that are wanted.</summary>
    public DiscoInfo? Abilities { get; init; }

    /// <summary>A URL that names this program in its presence (XEP-0115 §4).</summary>
    public string AbilitiesNode { get; init; } = "https://likeness.example/xmpp";

    /// <summary>Answers requests (<c>iq</c> of type get and set); null from it, or no function, means <c>service-unavailable</c>. Pings, roster pushes and <see cref="Abilities"/> are answered always.</summary>
    public Func<Element, Element?>? Answer { get; init; }

    /// <summary>Told what the client survived: a lost connection, an attempt that failed, a listener that threw. Must not throw.</summary>
    public Action<Exception>? Report { get; init; }

    public StreamLimits Limits { get; init; } = new() { StanzaBytesBeforeAuthentication = 64 * 1024, StanzaBytes = 4 * 1024 * 1024 };

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>How long the server has to close its side of the stream.</summary>
    internal TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Where the domain's web server is asked.</summary>
    internal int HostMetaPort { get; init; } = 443;

    /// <summary>From 0 to 1, for pauses and for servers of equal rank.</summary>
    internal Func<double> NextRandom { get; init; } = Random.Shared.NextDouble;

    /// <summary>Accepts exactly this certificate, whoever signed it: SHA-256 of its bytes in hexadecimal.</summary>
    public static RemoteCertificateValidationCallback Pinned(string sha256) =>
        (_, certificate, _, _) => certificate is not null && certificate.GetCertHashString(HashAlgorithmName.SHA256).Equals(sha256, StringComparison.OrdinalIgnoreCase);

    /// <summary>Accepts any certificate; for a server on this very machine.</summary>
    public static bool AcceptAny(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) => certificate is not null;
}

/// <summary>Logs one client in once or a few times, without the password (XEP-0484).</summary>
/// <param name="Mechanism">How it is used, such as <c>HT-SHA-256-ENDP</c>.</param>
/// <param name="Text">A secret.</param>
/// <param name="Expires">Null: the server did not say.</param>
public sealed record FastToken(string Mechanism, string Text, DateTimeOffset? Expires);
