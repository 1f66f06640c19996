using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Likeness.Beside;

namespace Likeness.Server.Options;

/// <summary>Chat servers that stay as they are, beside which this one stands.</summary>
internal static class BesideKeys
{
    private const string All = "all settings together";

    public static ImmutableArray<OptionKey> Keys { get; } =
    [
        new("beside", "none", "127.0.0.1:5347",
            "The component listener (XEP-0114) of a chat server whose people's avatars are kept the same here and there, HOST:PORT or unix:FILE.",
            (options, values) => With(options, beside => beside with { Servers = [.. values.Select(Server)] }))
        {
            Repeatable = true,
        },
        new("beside-name", "likeness.DOMAIN", "likeness.example.org",
            "The component's name on the server in the same position.",
            (options, values) => With(options, beside => beside with { Names = [.. values.Select(OptionText.Domain)] }))
        {
            Repeatable = true,
        },
        new("beside-secret-file", "none", "/etc/likeness/beside.secret",
            "The file whose first line is the secret that the server in the same position knows, too.",
            (options, values) => With(options, beside => beside with { Secrets = [.. values.Select(file => ComponentKeys.SecretIn(file, 1))] }))
        {
            Repeatable = true,
            NamesFile = true,
        },
        new("beside-domain", "none", "example.org",
            "The domain whose people are on the server in the same position; with one server, any number of them. They are served on the web here.",
            WithDomains)
        {
            Repeatable = true,
        },
        new("beside-api", "none", "http://127.0.0.1:5281/api",
            "ejabberd's HTTP API, of the server in the same position: lists accounts, and writes where nothing else may.",
            (options, values) => With(options, beside => beside with { Apis = [.. values.Select(Api)] }))
        {
            Repeatable = true,
        },
        new("beside-login", "port 5222 of the host of `beside`", "127.0.0.1:5222",
            "Where clients log in to the chat server in the same position, HOST:PORT: people sign in on the pages with their password there. On another machine TLS is a must.",
            (options, values) => With(options, beside => beside with { Logins = [.. values.Select(Login)] }))
        {
            Repeatable = true,
        },
        new("beside-unchosen", "as-strangers-see", "public",
            "Who sees on the web the avatars of people who chose nothing in chats: as-strangers-see shows what a stranger in chats is given; public; contacts, which shows nobody.",
            (options, values) => With(options, beside => beside with { Unchosen = (UnchosenVisibility)OptionText.OneOf(values, "as-strangers-see", "public", "contacts") })),
        new("beside-addresses", "as same, and check --beside says so", "same",
            "same: a chat address is the e-mail address that a person's avatar is asked by on the web. other: those addresses may be somebody else's (strangers may register there, too), and are confirmed one by one.",
            (options, values) => With(options, beside => beside with { AddressesAreTheSame = OptionText.OneOf(values, "same", "other") == 0 })),
        new("beside-roster", "no", "yes",
            "Puts the component into everybody's contact list, so that the server tells of changes at once; people see a contact \"Portraits\".",
            (options, values) => With(options, beside => beside with { JoinsRosters = OptionText.YesOrNo(values) }))
        {
            IsSwitch = true,
        },
        new("beside-as-users", "no", "yes",
            "The server was told to take stanzas of the component with its people's addresses as sender; then that is how changes are written.",
            (options, values) => With(options, beside => beside with { ActsAsUsers = OptionText.YesOrNo(values) }))
        {
            IsSwitch = true,
        },
        new("beside-tls", "no", "yes",
            "The component listeners speak TLS from the first byte; their certificates are checked.",
            (options, values) => With(options, beside => beside with { Tls = OptionText.YesOrNo(values) }))
        {
            IsSwitch = true,
        },
        new("beside-authorities", "those of the system", "/etc/likeness/chat-server.pem",
            "PEM file with whom to trust for those certificates, instead of the authorities of the system.",
            (options, values) => With(options, beside => beside with { Authorities = FederationKeys.AuthoritiesIn(OptionText.File(values)) }))
        {
            NamesFile = true,
        },
        new("beside-plaintext", "no", "yes",
            "A component listener on another machine is talked to without TLS: the network between is private, or a tunnel.",
            (options, values) => With(options, beside => beside with { AllowsPlaintext = OptionText.YesOrNo(values) }))
        {
            IsSwitch = true,
        },
        new("beside-rate", "20", "100",
            "Accounts that are looked at in a second, at most.",
            (options, values) => With(options, beside => beside with { Rate = OptionText.Number(values, 1, 1000) })),
        new("beside-sweep-hours", "24", "6",
            "Every account is looked at once in so many hours, whatever is heard of it.",
            (options, values) => With(options, beside => beside with { SweepHours = OptionText.Number(values, 1, 720) })),
        new("beside-keep-days", "7", "30",
            "Days for which the portrait of an account that is gone from its chat server is kept, hidden.",
            (options, values) => With(options, beside => beside with { KeepDays = OptionText.Number(values, 0, 3650) })),
    ];

    public static bool IsOn(LikenessOptions options) => !options.Beside.Servers.IsEmpty;

    /// <summary>One for each server.</summary>
    public static IEnumerable<BesideOptions> Of(LikenessOptions options) => options.Beside.Servers.Select((server, index) => new BesideOptions
    {
        Server = server,
        Name = options.Beside.Names.ElementAtOrDefault(index) ?? $"likeness.{options.Beside.Domains[index]}",
        Secret = options.Beside.Secrets[index],
        Domains = options.Beside.Servers.Length == 1 ? [.. options.Beside.Domains] : [options.Beside.Domains[index]],
        Api = options.Beside.Apis.ElementAtOrDefault(index),
        Login = options.Beside.Logins.ElementAtOrDefault(index) ?? new DnsEndPoint((server as DnsEndPoint)?.Host ?? "127.0.0.1", 5222),
        Tls = options.Beside.Tls,
        Authorities = options.Beside.Authorities,
        ActsAsUsers = options.Beside.ActsAsUsers,
        JoinsRosters = options.Beside.JoinsRosters,
        Unchosen = options.Beside.Unchosen,
        AddressesAreTheSame = options.Beside.AddressesAreTheSame,
        Rate = options.Beside.Rate,
        Sweep = TimeSpan.FromHours(options.Beside.SweepHours),
        KeepGone = TimeSpan.FromDays(options.Beside.KeepDays),
        LargestPicture = options.Policy.LargestChatPicture,
    });

    public static IEnumerable<OptionProblem> Problems(LikenessOptions options)
    {
        var beside = options.Beside;
        if (!IsOn(options))
        {
            if (!beside.Domains.IsEmpty || !beside.Names.IsEmpty || !beside.Secrets.IsEmpty || !beside.Apis.IsEmpty)
            {
                yield return new OptionProblem("beside", All, "the server that the other settings are about is missing", "--beside 127.0.0.1:5347");
            }

            yield break;
        }

        if (beside.Secrets.Length != beside.Servers.Length)
        {
            yield return new OptionProblem("beside-secret-file", All, "every server beside this one needs its secret, in the same order", "/etc/likeness/beside.secret");
        }

        if (beside.Servers.Length == 1 ? beside.Domains.IsEmpty : beside.Domains.Length != beside.Servers.Length)
        {
            yield return new OptionProblem("beside-domain", All, "every server beside this one needs the domain of its people, in the same order", "example.org");
        }

        if (!beside.Names.IsEmpty && beside.Names.Length != beside.Servers.Length)
        {
            yield return new OptionProblem("beside-name", All, "a component has one name on each server, in the same order", "likeness.example.org");
        }

        if (XmppHosting.ServesChats(options) && !options.ChatDomains.Any())
        {
            yield return new OptionProblem("beside", All, "the chats of all domains are served elsewhere", "--xmpp off, or --domain with another one whose chats are served here");
        }

        foreach (var name in BesideNames(options).Where(name => options.Domains.Contains(name)))
        {
            yield return new OptionProblem("beside-name", All, $"{name} is a domain of people", $"likeness.{name}");
        }

        if (beside.Authorities.Count > 0 && !beside.Tls)
        {
            yield return new OptionProblem("beside-authorities", All, "there is no certificate to look at without TLS", "beside-tls yes");
        }

        if (!beside.Tls && !beside.AllowsPlaintext && beside.Servers.OfType<DnsEndPoint>().FirstOrDefault(server => !IsLoopback(server)) is { } open)
        {
            yield return new OptionProblem(
                "beside", All, $"{open.Host} is another machine, and a component connection has no TLS: use beside-tls, a tunnel to a loopback address, or say beside-plaintext for a network of your own", "127.0.0.1:5347");
        }
    }

    private static IEnumerable<string> BesideNames(LikenessOptions options) => options.Beside.Names.IsEmpty
        ? options.Beside.Domains.Select(domain => $"likeness.{domain}")
        : options.Beside.Names;

    private static LikenessOptions With(LikenessOptions options, Func<BesideSettings, BesideSettings> change) => options with { Beside = change(options.Beside) };

    private static LikenessOptions WithDomains(LikenessOptions options, IReadOnlyList<string> values)
    {
        var domains = OptionText.Domains(values);
        var said = options.Domains is ["localhost"] ? [] : options.Domains;
        return With(options, beside => beside with { Domains = domains }) with { Domains = [.. said.Union(domains)] };
    }

    private static bool IsLoopback(DnsEndPoint server) =>
        server.Host == "localhost" || (IPAddress.TryParse(server.Host, out var address) && IPAddress.IsLoopback(address));

    private static EndPoint Server(string value)
    {
        const string Socket = "unix:";
        if (value.StartsWith(Socket, StringComparison.Ordinal))
        {
            try
            {
                return value[Socket.Length..] is ['/', ..] file ? new UnixDomainSocketEndPoint(file) : throw new FormatException($"'{value}' does not name a socket by its whole path");
            }
            catch (ArgumentException tooLong)
            {
                throw new FormatException($"'{value}' is too long for a socket", tooLong);
            }
        }

        return HostAndPort(value) ?? throw new FormatException($"'{value}' is neither HOST:PORT nor unix:FILE");
    }

    private static DnsEndPoint Login(string value) => HostAndPort(value) ?? throw new FormatException($"'{value}' is not HOST:PORT");

    private static DnsEndPoint? HostAndPort(string value)
    {
        var colon = value.LastIndexOf(':');
        return colon > 0 && ushort.TryParse(value.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0
            ? new DnsEndPoint(value[..colon].Trim('[', ']'), port)
            : null;
    }

    private static Uri Api(string value) => Uri.TryCreate(value, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback))
        ? url
        : throw new FormatException($"'{value}' is not an https address, or an http one of this machine");
}

/// <summary>What the settings say of servers beside this one; lists go by position.</summary>
public sealed record BesideSettings
{
    public ImmutableArray<EndPoint> Servers { get; init; } = [];

    public ImmutableArray<string> Names { get; init; } = [];

    public ImmutableArray<string> Secrets { get; init; } = [];

    public ImmutableArray<string> Domains { get; init; } = [];

    public ImmutableArray<Uri> Apis { get; init; } = [];

    /// <summary>Where clients log in.</summary>
    public ImmutableArray<DnsEndPoint> Logins { get; init; } = [];

    public UnchosenVisibility Unchosen { get; init; } = UnchosenVisibility.AsStrangersSee;

    /// <summary>Null: not said.</summary>
    public bool? AddressesAreTheSame { get; init; }

    public bool JoinsRosters { get; init; }

    public bool ActsAsUsers { get; init; }

    public bool Tls { get; init; }

    public X509Certificate2Collection Authorities { get; init; } = [];

    public bool AllowsPlaintext { get; init; }

    /// <summary>Accounts in a second.</summary>
    public int Rate { get; init; } = 20;

    public int SweepHours { get; init; } = 24;

    public int KeepDays { get; init; } = 7;
}
