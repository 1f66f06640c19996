using System.Collections.Immutable;
using System.Net;
using Likeness.Accounts;
using Likeness.Files;
using Likeness.Http;
using Likeness.Http.Api;
using Likeness.Imaging;
using Likeness.Libravatar.Fetching;
using Likeness.Web;
using Likeness.Web.Mails;
using Likeness.Xmpp.Server;
using Microsoft.Extensions.Logging;

namespace Likeness.Server.Options;

/// <summary>Everything an operator can decide, read once at start. <see cref="OptionCatalogue"/> says how each is written.</summary>
public sealed record LikenessOptions
{
    /// <summary>Where the database, the certificate and the control socket live.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Who said what of it, the strongest first.</summary>
    public ImmutableArray<OptionSource> Said { get; init; } = [];

    /// <summary>Served domains; the first one is the default.</summary>
    public ImmutableArray<string> Domains { get; init; } = ["localhost"];

    /// <summary>Plain HTTP listeners.</summary>
    public ImmutableArray<IPEndPoint> Http { get; init; } = [new(IPAddress.Loopback, 8080)];

    /// <summary>HTTPS listeners, with the same certificates as the chat side.</summary>
    public ImmutableArray<IPEndPoint> Https { get; init; } = [];

    /// <summary>XMPP client listeners (STARTTLS).</summary>
    public ImmutableArray<IPEndPoint> Xmpp { get; init; } = [new(IPAddress.Loopback, 5222)];

    /// <summary>XMPP client listeners behind direct TLS (XEP-0368).</summary>
    public ImmutableArray<IPEndPoint> Xmpps { get; init; } = [];

    /// <summary>Where components connect (XEP-0114), if there are any.</summary>
    public ImmutableArray<IPEndPoint> Components { get; init; } = [new(IPAddress.Loopback, 5347)];

    /// <summary>Where other servers connect (STARTTLS).</summary>
    public ImmutableArray<IPEndPoint> S2s { get; init; } = [];

    /// <summary>Where other servers connect behind direct TLS (XEP-0368).</summary>
    public ImmutableArray<IPEndPoint> S2sTls { get; init; } = [];

    /// <summary>No other server is talked to, whatever is listened on.</summary>
    public bool HasNoS2s { get; init; }

    /// <summary>A file with blocked domains; null: none.</summary>
    public string? S2sBlockFile { get; init; }

    /// <summary>DNS resolvers; empty: those of the system.</summary>
    public ImmutableArray<IPEndPoint> Resolvers { get; init; } = [];

    /// <summary>Whether servers in private networks are gone to; null: with a resolver on this machine.</summary>
    public bool? MayGoToPrivate { get; init; }

    /// <summary>Chat servers that stay as they are.</summary>
    public BesideSettings Beside { get; init; } = new();

    /// <summary>Web servers in front whose word about the client is taken.</summary>
    public ImmutableArray<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>PEM certificate chains, in the order of <see cref="Keys"/>. Empty: a self-signed one is made.</summary>
    public ImmutableArray<string> Certificates { get; init; } = [];

    /// <summary>PEM private keys.</summary>
    public ImmutableArray<string> Keys { get; init; } = [];

    /// <summary>An account that is invited at each start until it is there; it administers.</summary>
    public string? AdminInvite { get; init; }

    /// <summary>Characters of the shortest password that people may choose.</summary>
    public int MinPasswordCharacters { get; init; } = PasswordRule.DefaultMinCharacters;

    /// <summary>Chat clients may log in without TLS on loopback listeners.</summary>
    public bool DevelopmentPlaintext { get; init; }

    /// <summary>PostgreSQL connection string; null: the embedded SQLite file in <see cref="DataDirectory"/>.</summary>
    public string? Database { get; init; }

    /// <summary>Processes that decode and scale pictures, at most.</summary>
    public int RenderWorkers { get; init; } = Environment.ProcessorCount;

    /// <summary>Null: the one that comes along.</summary>
    public string? Libvips { get; init; }

    /// <summary>What is refused before a picture is decoded.</summary>
    public ImageLimits Pictures { get; init; } = ImageLimits.Default;

    /// <summary>Limits of the chat side; what else it needs is filled in when it starts.</summary>
    public XmppServerOptions Chat { get; init; } = new();

    /// <summary>Memory and limits of avatars on the web; what else it needs is filled in when it starts.</summary>
    public AvatarOptions Avatars { get; init; } = new();

    /// <summary>Where this server is reached from outside; null: not known.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>How mail leaves the server; null: none does.</summary>
    public MailRoute? Mail { get; init; }

    /// <summary>Null: one of the first domain.</summary>
    public string? MailFrom { get; init; }

    /// <summary>File with the mail server's password; null: none is shown.</summary>
    public string? MailPasswordFile { get; init; }

    /// <summary>PEM file; null: the authorities of the system.</summary>
    public string? MailAuthority { get; init; }

    /// <summary>An account's own address is a mailbox of the same person.</summary>
    public bool AccountsAreMailboxes { get; init; }

    /// <summary>The operator's own pictures for people without a portrait.</summary>
    public ImmutableArray<DefaultImageOption> DefaultImages { get; init; } = [];

    /// <summary>What a domain decides when it says nothing itself; the domain name in it is not used.</summary>
    public DomainPolicy Policy { get; init; } = new() { Domain = "localhost" };

    /// <summary>Decisions of single domains.</summary>
    public ImmutableDictionary<string, DomainPolicy> Policies { get; init; } = ImmutableDictionary<string, DomainPolicy>.Empty;

    /// <summary>Collector that measurements are sent to by OTLP over HTTP; null: nowhere.</summary>
    public Uri? Collector { get; init; }

    /// <summary>Listeners on which Prometheus reads measurements.</summary>
    public ImmutableArray<IPEndPoint> Metrics { get; init; } = [];

    /// <summary>How the log is written; null: for the journal where standard output is the journal, else as text.</summary>
    public LogFormat? LogFormat { get; init; }

    /// <summary>From which level on a source is logged; null for all that are not named.</summary>
    public ImmutableArray<(string? Source, LogLevel Level)> LogLevels { get; init; } = [];

    /// <summary>Whether there are pages for people.</summary>
    public bool Pages { get; init; } = true;

    /// <summary>How pages are fetched that prove whose address they are; null: none is.</summary>
    public SafeFetchOptions? PageProofs { get; init; }

    /// <summary>Whether people who check their picture have this server ask DNS and the servers that it names for their addresses.</summary>
    public bool OutsideCheck { get; init; }

    /// <summary>Hosts to which the page for another picture leads back.</summary>
    public IReadOnlyList<string> ReturnHosts { get; init; } = [];

    /// <summary>Sites that vouch for people on the pages.</summary>
    public IReadOnlyList<ProviderOptions> Providers { get; init; } = [];

    /// <summary>Pages for administrators are there only for who signed in with a second factor or a passkey.</summary>
    public bool AdministratorsNeedSecondFactor { get; init; }

    /// <summary>Whether and how people may bring the pictures that they show elsewhere.</summary>
    public PictureImportOptions PictureImport { get; init; } = new();

    /// <summary>Whether WebFinger tells where avatars are (RFC 7033).</summary>
    public bool WebFinger { get; init; } = true;

    /// <summary>Whether people may upload files to share them; null: where the web side is reached by https.</summary>
    public bool? Upload { get; init; }

    /// <summary>Limits of those files; where they are kept is filled in when the server starts.</summary>
    public SharedFileOptions Files { get; init; } = new("");

    /// <summary>The REST interface; what else it needs is filled in when it starts.</summary>
    public ApiOptions Api { get; init; } = new();

    /// <summary>Pictures set at start: the personal node.</summary>
    public ImmutableArray<PortraitFile> Portraits { get; init; } = [];

    /// <summary>Domains whose chats are served here, where there are chats.</summary>
    public IEnumerable<string> ChatDomains => Domains.Except(Beside.Domains);

    /// <summary>The policies in force.</summary>
    public DomainPolicies DomainPolicies() =>
        new([.. Domains.Select(domain => (Policies.GetValueOrDefault(domain) ?? Policy) with { Domain = domain, Chats = !Beside.Domains.Contains(domain) })]);
}

/// <summary>An address and the file with its picture.</summary>
public sealed record PortraitFile(string Address, string File);

/// <summary>How an event is written.</summary>
public enum LogFormat
{
    /// <summary>Time, level, source and message.</summary>
    Text,

    /// <summary>A JSON object.</summary>
    Json,

    /// <summary>With the level in front as <c>sd-daemon(3)</c> wants it, and without the time, which the journal knows.</summary>
    Systemd,
}
