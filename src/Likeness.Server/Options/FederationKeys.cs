using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Likeness.Xmpp.Server;

namespace Likeness.Server.Options;

/// <summary>Other servers: where they connect, which of them are talked to, and what they have to show.</summary>
internal static class FederationKeys
{
    private const int DnsPort = 53;

    public static ImmutableArray<OptionKey> Keys { get; } =
    [
        new("s2s", "off", "*:5269",
            "Where other chat servers connect (STARTTLS), or off: then nobody here talks to people of other servers.",
            (options, values) => options with { S2s = OptionText.Listeners(values) })
        {
            Repeatable = true,
        },
        new("s2s-tls", "off", "*:5270",
            "Where other chat servers connect with TLS from the first byte (XEP-0368).",
            (options, values) => options with { S2sTls = OptionText.Listeners(values) })
        {
            Repeatable = true,
        },
        new("no-s2s", "no", "yes",
            "yes: no other server is talked to, whatever the other settings say.",
            (options, values) => options with { HasNoS2s = OptionText.YesOrNo(values) })
        {
            IsSwitch = true,
        },
        new("dns", "those of the system", "127.0.0.1:5353",
            "The DNS resolver that is asked for everything, ADDRESS or ADDRESS:PORT; several may be named. One on a loopback address is taken for a laboratory: private addresses are gone to.",
            (options, values) => options with { Resolvers = [.. values.Select(Resolver)] })
        {
            Repeatable = true,
        },
        new("s2s-block", "none", "*.example.net",
            "A domain that nothing comes from and nothing goes to; *. in front means all below it.",
            (options, values) => With(options, federation => federation with { Blocked = Patterns(values) }))
        {
            Repeatable = true,
        },
        new("s2s-block-file", "none", "/etc/likeness/blocked-domains",
            "A file with more of them, one a line, # begins a remark. It is read again within a minute when it changes, and at SIGHUP; connections of who is new in it end.",
            (options, values) => options with { S2sBlockFile = BlockListIn(OptionText.File(values)) })
        {
            NamesFile = true,
        },
        new("s2s-allow", "every domain", "example.net",
            "A domain that is talked to; with it, no others are.",
            (options, values) => With(options, federation => federation with { Allowed = Patterns(values) }))
        {
            Repeatable = true,
        },
        new("s2s-certificates", "wanted", "required",
            "required: another server needs a valid certificate for its domain. wanted: where it has none, DNS has to lead to it (dialback).",
            (options, values) => With(options, federation => federation with { RequiresCertificates = OptionText.OneOf(values, "wanted", "required") == 1 })),
        new("s2s-without-certificate", "none", "example.net",
            "A domain that needs none although they are required.",
            (options, values) => With(options, federation => federation with { WithoutCertificate = Patterns(values) }))
        {
            Repeatable = true,
        },
        new("s2s-authorities", "those of the system", "/etc/likeness/authorities.pem",
            "PEM file with certificate authorities that are trusted for other servers, beside those of the system.",
            (options, values) => With(options, federation => federation with { Authorities = AuthoritiesIn(OptionText.File(values)) }))
        {
            NamesFile = true,
        },
        new("s2s-private", "no; yes where dns is a loopback address", "yes",
            "Whether servers in private networks and on this machine are gone to.",
            (options, values) => options with { MayGoToPrivate = OptionText.YesOrNo(values) }),
        new("s2s-route", "what DNS says", "example.net=10.0.0.7:5269",
            "Where the server of a domain is, DOMAIN=HOST:PORT; DNS is not asked.",
            (options, values) => With(options, federation => federation with { Routes = values.Select(Route).ToDictionary(route => route.Domain, route => route.Server) }))
        {
            Repeatable = true,
        },
        new("s2s-stanzas-per-second", "100", "500",
            "Stanzas another server may send over one connection evenly over time, ten seconds' worth at once; more is read later.",
            (options, values) => With(options, federation => federation with { MaxStanzasPerSecond = OptionText.Number(values, 1, 1_000_000) })),
    ];

    public static IEnumerable<OptionProblem> Problems(LikenessOptions options)
    {
        if (IsOn(options) && options.Xmpp.IsEmpty && options.Xmpps.IsEmpty)
        {
            yield return new OptionProblem("s2s", "all settings together", "other servers have nobody to talk to here: chats are off", "off");
        }
    }

    public static bool IsOn(LikenessOptions options) => !options.HasNoS2s && !(options.S2s.IsEmpty && options.S2sTls.IsEmpty);

    /// <summary>All of it together.</summary>
    public static FederationOptions Of(LikenessOptions options) => options.Chat.Federation with
    {
        IsOn = IsOn(options),
        Resolvers = [.. options.Resolvers.Select(resolver => resolver.ToString())],
        AllowsPrivateAddresses = options.MayGoToPrivate ?? options.Resolvers.Any(resolver => IPAddress.IsLoopback(resolver.Address)),
    };

    private static LikenessOptions With(LikenessOptions options, Func<FederationOptions, FederationOptions> change) =>
        options with { Chat = options.Chat with { Federation = change(options.Chat.Federation) } };

    /// <summary>Throws <see cref="FormatException"/> for what is no name of a domain.</summary>
    internal static string Pattern(string value) => value.StartsWith("*.", StringComparison.Ordinal) ? "*." + OptionText.Domain(value[2..]) : OptionText.Domain(value);

    private static DomainPatterns Patterns(IReadOnlyList<string> values) => new(values.Select(Pattern));

    private static IPEndPoint Resolver(string value) => IPEndPoint.TryParse(value, out var resolver)
        ? resolver.Port == 0 ? new IPEndPoint(resolver.Address, DnsPort) : resolver
        : throw new FormatException($"'{value}' is not ADDRESS:PORT");

    private static (string Domain, DnsEndPoint Server) Route(string value)
    {
        var sign = value.IndexOf('=', StringComparison.Ordinal);
        var colon = value.LastIndexOf(':');
        return sign > 0 && colon > sign + 1 && ushort.TryParse(value.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0
            ? (OptionText.Domain(value[..sign]), new DnsEndPoint(value[(sign + 1)..colon].Trim('[', ']'), port))
            : throw new FormatException($"'{value}' is not DOMAIN=HOST:PORT");
    }

    // What is wrong in it is told before the server starts.
    private static string BlockListIn(string file)
    {
        BlockListFile.Read(file);
        return file;
    }

    /// <summary>The certificates of a PEM file, at least one.</summary>
    public static X509Certificate2Collection AuthoritiesIn(string file)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(file);
        }
        catch (Exception unreadable) when (unreadable is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"'{file}' cannot be read: {unreadable.Message}", unreadable);
        }

        return authorities.Count > 0 ? authorities : throw new FormatException($"'{file}' holds no certificate");
    }
}
