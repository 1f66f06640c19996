using System.Collections.Immutable;
using Likeness.Accounts;

namespace Likeness.Server.Options;

/// <summary>Every setting there is. Flags, environment, file, checks and documentation all come from this list.</summary>
public static class OptionCatalogue
{
    public static ImmutableArray<OptionKey> Keys { get; } =
    [
        new("domain", "localhost", "example.org",
            "A domain whose people this server shows. The first one is the default.",
            (options, values) => options with { Domains = OptionText.Domains(values) })
        {
            Repeatable = true,
        },
        new("http", "127.0.0.1:8080", "127.0.0.1:8080",
            "Where the web side listens: ADDRESS:PORT, *:PORT for every address, port 0 for a free one, or off.",
            (options, values) => options with { Http = OptionText.Listeners(values) })
        {
            Repeatable = true,
        },
        new("https", "off", "*:443",
            "Where the web side listens with TLS.",
            (options, values) => options with { Https = OptionText.Listeners(values) })
        {
            Repeatable = true,
        },
        new("xmpp", "127.0.0.1:5222", "*:5222",
            "Where chat clients connect (STARTTLS), or off.",
            (options, values) => options with { Xmpp = OptionText.Listeners(values) })
        {
            Repeatable = true,
        },
        new("xmpps", "off", "*:5223",
            "Where chat clients connect with TLS from the first byte (XEP-0368).",
            (options, values) => options with { Xmpps = OptionText.Listeners(values) })
        {
            Repeatable = true,
        },
        new("cert", "a self-signed certificate in the data directory", "/etc/likeness/example.org.pem",
            "PEM file with the certificate and its chain. One per key; chosen by the name a client asks for.",
            (options, values) => options with { Certificates = OptionText.Files(values) })
        {
            Repeatable = true,
            NamesFile = true,
        },
        new("key", "made with the self-signed certificate", "/etc/likeness/example.org.key",
            "PEM file with the private key of the certificate in the same position.",
            (options, values) => options with { Keys = OptionText.Files(values) })
        {
            Repeatable = true,
            NamesFile = true,
        },
        new("registration", "invitation", "closed",
            "invitation: who has an invitation makes an account, in the chat client. open: anybody does. closed: only the operator.",
            (options, values) => options with { Chat = options.Chat with { Registration = (Registration)OptionText.OneOf(values, "invitation", "open", "closed") } }),
        new("least-password", "12", "16",
            "Characters of the shortest password that people may choose for themselves; what an operator gives may be shorter.",
            (options, values) => options with { MinPasswordCharacters = OptionText.Number(values, PasswordRule.LeastMinCharacters, 64) }),
        new("plain-passwords", "yes", "no",
            "Chat clients that know nothing better may send the password itself, inside TLS (PLAIN); no: only proofs of it (SCRAM).",
            (options, values) => options with { Chat = options.Chat with { OffersPlain = OptionText.OneOf(values, "yes", "no") == 0 } }),
        new("dev-plaintext", "no", "yes",
            "Chat clients may log in without TLS; only with listeners on a loopback address.",
            (options, values) => options with { DevelopmentPlaintext = OptionText.OneOf(values, "no", "yes") == 1 })
        {
            IsSwitch = true,
        },
        new("database", "a SQLite file in the data directory", "Host=/run/postgresql;Database=likeness",
            "Connection string of a PostgreSQL database to keep everything in.",
            (options, values) => options with { Database = OptionText.Database(values) })
        {
            IsSecret = true,
        },
        new("render-workers", "one per processor", "2",
            "Processes that decode and scale pictures, at most.",
            (options, values) => options with { RenderWorkers = OptionText.Number(values, 1, 64) }),
        new("libvips", "the one that comes with likeness", "system",
            "The library that decodes and scales pictures: system for the one the system's package manager keeps up to date, or a file.",
            (options, values) => options with { Libvips = OptionText.One(values) }),
        .. PolicyKeys.All,
        .. AddressKeys.All,
        .. WebKeys.All,
        .. MailKeys.Keys,
        .. LimitKeys.All,
        .. RoomKeys.Keys,
        .. ComponentKeys.Keys,
        .. FederationKeys.Keys,
        .. BesideKeys.Keys,
        .. UploadKeys.Keys,
        .. ServiceKeys.Keys,
        .. ProviderKeys.Keys,
        .. ApiKeys.All,
        .. GatewayKeys.All,
    ];

    /// <summary>The same settings by what they are needed for, first what everybody decides.</summary>
    public static ImmutableArray<OptionGroup> Groups { get; } =
    [
        Group("Domains and listeners", "domain", "http", "https", "xmpp", "xmpps", "cert", "key", "public-url", "pages", "accent", "logo", "trusted-proxy"),
        Group("People and passwords", "admin", "admin-invite", "admin-second-factor", "oidc", "registration", "invitations", "least-password", "plain-passwords", "visibility", "widest-visibility", "plus-tags", "catch-all", "dev-plaintext"),
        Group("Mail", "mail", "mail-from", "mail-password-file", "mail-authority", "addresses"),
        Group("Avatars on the web", "default-face", "default-image", "default-size", "largest-size", "md5", "web-host", "trusted-defaults", "gravatar", "gateway", "gateway-domain", "picture-import", "page-proofs", "outside-check", "return-host", "webfinger", "seen"),
        Group("Avatars in chats", "picture-links", "largest-chat-picture"),
        Group("Rooms", "rooms", "room-creation", "most-rooms-per-person", "most-occupants", "most-rooms", "most-room-stanzas-per-second"),
        Group("Other servers", "s2s", "s2s-tls", "no-s2s", "dns", "s2s-block", "s2s-block-file", "s2s-allow", "s2s-certificates", "s2s-without-certificate", "s2s-authorities", "s2s-private", "s2s-route", "s2s-stanzas-per-second"),
        Group("Beside another chat server", "beside", "beside-name", "beside-secret-file", "beside-domain", "beside-api", "beside-login", "beside-unchosen", "beside-addresses", "beside-roster", "beside-as-users", "beside-tls", "beside-authorities", "beside-plaintext", "beside-rate", "beside-sweep-hours", "beside-keep-days"),
        Group("Archives", "archive", "archive-days", "most-archived-messages", "most-archived-megabytes"),
        Group("Chat services", "chat-origin", "component", "components", "upload", "upload-domain", "largest-upload", "most-uploads-per-day", "most-uploads-per-person", "most-uploads", "upload-days", "contact", "external-service", "turn-secret"),
        Group("Storage and rendering", "database", "libvips", "render-workers", "avatar-memory", "cache-seconds", "default-cache-seconds"),
        Group("Watching", "log-format", "log-level", "metrics", "otlp"),
        Group("Limits on the web", "largest-file", "most-megapixels", "most-renders", "renders-per-minute", "api-requests"),
        Group("Limits of connections", "most-connections-per-client", "most-stanzas-per-second", "most-kilobytes-per-second", "largest-stanza", "most-resources", "release-tls-buffers"),
        Group("Limits of what accounts keep", "most-contacts", "most-offline-messages", "most-offline-bytes", "largest-vcard", "most-private-storage", "most-pep"),
    ];

    /// <summary>The key of this name, or null.</summary>
    public static OptionKey? Find(string name) => Keys.FirstOrDefault(key => key.Name == name);

    private static OptionGroup Group(string title, params string[] names) =>
        new(title, [.. names.Select(name => Find(name) ?? throw new InvalidOperationException($"There is no setting {name}."))]);
}

/// <summary>Settings that are decided together.</summary>
public sealed record OptionGroup(string Title, ImmutableArray<OptionKey> Keys);
