using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Likeness.Xmpp;
using Likeness.Xmpp.Server;

namespace Likeness.Server.Options;

/// <summary>Who administers from a chat client (XEP-0133), and what chats are told of beside the server: whom to write to (XEP-0157), and where calls find a way (XEP-0215).</summary>
internal static class ServiceKeys
{
    private static readonly string[] Purposes = ["abuse", "admin", "feedback", "sales", "security", "status", "support"];

    private const string All = "all settings together";

    public static ImmutableArray<OptionKey> Keys { get; } =
    [
        new("admin", "nobody", "juliet@example.org",
            "An account that is an operator, on the pages and from its chat client (XEP-0133), beside those of likeness admin add; several may be named. Nobody can register its name.",
            (options, values) => WithAdmins(options, values.Select(Admin)))
        {
            Repeatable = true,
        },
        new("admin-invite", "nobody", "juliet@example.org",
            "An account that is not there yet: at each start until it is, a new invitation to open it is printed. It administers, as with admin.",
            (options, values) => Invited(options, Admin(OptionText.One(values)))),
        new("admin-second-factor", "no", "yes",
            "Pages for administrators are there only for who signed in with a second factor or a passkey.",
            (options, values) => options with { AdministratorsNeedSecondFactor = OptionText.YesOrNo(values) })
        {
            IsSwitch = true,
        },
        new("invitations", "operator", "people",
            "Who invites others to open accounts: operator, with those whom admin names; people, everybody who has an account.",
            (options, values) => options with { Chat = options.Chat with { PeopleInvite = OptionText.OneOf(values, "operator", "people") == 1 } }),
        new("chat-origin", "every site", "https://chat.example.org",
            "A web site whose pages may open the WebSocket for chats; several may be named. Programs that are no web pages always may.",
            (options, values) => options with { Chat = options.Chat with { WebOrigins = [.. values.Select(Origin)] } })
        {
            Repeatable = true,
        },
        new("contact", "none", "abuse=mailto:abuse@example.org",
            "Whom to write to about the server, told to everybody in chats: PURPOSE=URI, with abuse, admin, feedback, sales, security, status or support.",
            (options, values) => options with { Chat = options.Chat with { Contacts = [.. values.Select(Contact)] } })
        {
            Repeatable = true,
        },
        new("external-service", "none", "turn:turn.example.org:3478?transport=udp",
            "A server that helps calls, told to the people of the domains: stun:HOST:PORT, turn:HOST:PORT?transport=udp or tcp, turns:HOST:PORT?transport=tcp.",
            (options, values) => options with { Chat = options.Chat with { ExternalServices = [.. values.Select(Service)] } })
        {
            Repeatable = true,
        },
        new("turn-secret", "none", "/etc/likeness/turn.secret",
            "File with the secret that the TURN server knows too (coturn: static-auth-secret); people get credentials of it for a day.",
            (options, values) => options with { Chat = options.Chat with { TurnSecret = Encoding.UTF8.GetBytes(ComponentKeys.SecretIn(OptionText.One(values))) } })
        {
            NamesFile = true,
        },
    ];

    /// <summary>Nobody from elsewhere administers.</summary>
    public static IEnumerable<OptionProblem> Problems(LikenessOptions options) => options.Chat.Admins
        .Where(admin => !options.Domains.Contains(Jid.Parse(admin).Domain))
        .Select(admin => new OptionProblem("admin", All, $"'{admin}' is of no domain served here", $"{Jid.Parse(admin).Local}@{options.Domains[0]}"));

    private static LikenessOptions Invited(LikenessOptions options, string admin) => WithAdmins(options, [admin]) with { AdminInvite = admin };

    private static LikenessOptions WithAdmins(LikenessOptions options, IEnumerable<string> admins) =>
        options with { Chat = options.Chat with { Admins = options.Chat.Admins.Concat(admins).ToFrozenSet(StringComparer.Ordinal) } };

    private static string Admin(string value) => Jid.TryParse(value, out var admin) && admin is { Local: not null, IsBare: true }
        ? admin.Text
        : throw new FormatException($"'{value}' is not the address of an account, such as juliet@example.org");

    private static string Origin(string value) => Uri.TryCreate(value, UriKind.Absolute, out var url) && url.Scheme is "https" or "http" && url.PathAndQuery == "/" && url.Fragment.Length == 0
        ? url.GetLeftPart(UriPartial.Authority)
        : throw new FormatException($"'{value}' is not the origin of a web site, such as https://chat.example.org");

    private static ServerContact Contact(string value)
    {
        var at = value.IndexOf('=', StringComparison.Ordinal);
        return at > 0 && Purposes.Contains(value[..at], StringComparer.Ordinal) && Uri.TryCreate(value[(at + 1)..], UriKind.Absolute, out _)
            ? new ServerContact(value[..at], value[(at + 1)..])
            : throw new FormatException($"'{value}' is not PURPOSE=URI with one of {string.Join(", ", Purposes)}");
    }

    private static ExternalService Service(string value)
    {
        var type = value.Split(':')[0];
        var query = value.IndexOf('?', StringComparison.Ordinal);
        var place = query < 0 ? value : value[..query];
        var colon = place.LastIndexOf(':');
        var transport = query < 0 ? (type is "turns" ? "tcp" : "udp") : value[(query + 1)..] switch
        {
            "transport=udp" => "udp",
            "transport=tcp" => "tcp",
            _ => "",
        };
        return type is "stun" or "turn" or "turns" && transport.Length > 0 && colon > type.Length + 1
            && ushort.TryParse(place.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0
                ? new ExternalService(type, place[(type.Length + 1)..colon].Trim('[', ']'), port, transport)
                : throw new FormatException($"'{value}' is not stun:HOST:PORT, turn:HOST:PORT?transport=udp or turns:HOST:PORT?transport=tcp");
    }
}
