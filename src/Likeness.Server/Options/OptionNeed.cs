using System.Collections.Immutable;
using Likeness.Web.Mails;

namespace Likeness.Server.Options;

/// <summary>What some settings have no effect without.</summary>
/// <param name="What">It, as it stands behind "without".</param>
/// <param name="Remedy">Flags with which they have an effect.</param>
/// <param name="Settings">Their names.</param>
internal sealed record OptionNeed(string What, string Remedy, Func<LikenessOptions, bool> IsMet, ImmutableArray<string> Settings)
{
    /// <summary>All there are; a setting that lacks several of them is told the first.</summary>
    public static ImmutableArray<OptionNeed> All { get; } =
    [
        new("chats", "--xmpp 127.0.0.1:5222", XmppHosting.ServesChats,
        [
            "plain-passwords", "dev-plaintext", "chat-origin", "component", "components", "external-service", "turn-secret", "archive", "archive-days", "most-archived-messages",
            "most-archived-megabytes", "upload", "upload-domain", "largest-upload", "most-uploads-per-day", "most-uploads-per-person", "most-uploads", "upload-days",
            .. Group("Rooms"), .. Group("Limits of connections"), .. Group("Limits of what accounts keep"),
        ]),
        new("chats here or beside", "--xmpp 127.0.0.1:5222", options => XmppHosting.ServesChats(options) || BesideKeys.IsOn(options), ["picture-links", "largest-chat-picture"]),
        new("the web", "--http 127.0.0.1:8080", ServesWeb,
        [
            "public-url", "pages", "trusted-proxy", "plus-tags", "catch-all", "cache-seconds", "default-cache-seconds", "avatar-memory", "most-renders", "renders-per-minute", "api-requests", "chat-origin",
            .. Group("Avatars on the web"), .. OnPages,
        ]),
        new("pages", "--pages on", options => options.Pages, OnPages),
        new("TLS", "--https 127.0.0.1:8443", HasTls, ["cert", "key"]),
        new("public-url", "--public-url https://avatars.example.org", options => options.PublicUrl is not null, ["page-proofs", "picture-links"]),
        new("mail", "--mail smtp://mail.example.org --public-url https://avatars.example.org", options => options.Mail is not null, ["mail-from", "mail-password-file", "mail-authority"]),
        new("a mail server", "--mail smtp://mail.example.org --public-url https://avatars.example.org", options => options.Mail is MailRoute.Smtp, ["mail-authority"]),
        new("the name of a user at the mail server", "--mail smtp://likeness@mail.example.org --public-url https://avatars.example.org", options => options.Mail is MailRoute.Smtp { User: not null }, ["mail-password-file"]),
        new("gateway", "--gateway on", options => options.Avatars.Gateway.IsOn, ["gateway-domain"]),
        new("rooms", "--rooms rooms.example.org", options => options.Chat.Rooms.Services is not { Count: 0 }, ["room-creation", "most-rooms-per-person", "most-occupants", "most-rooms", "most-room-stanzas-per-second"]),
        new("archive", "--archive yes", options => options.Chat.Archive.IsOn, ["archive-days", "most-archived-messages", "most-archived-megabytes"]),
        new("component", "--component irc.example.org=irc.secret", options => options.Chat.Components.Count > 0, ["components"]),
        new("an external-service with a password", "--external-service turn:turn.example.org:3478?transport=udp", options => options.Chat.ExternalServices.Any(service => service.Type is "turn" or "turns"), ["turn-secret"]),
        new("uploads", "--upload on --public-url https://avatars.example.org", UploadKeys.IsOn, ["upload-domain", "largest-upload", "most-uploads-per-day", "most-uploads-per-person", "most-uploads", "upload-days"]),
        new("s2s", "--s2s *:5269", options => !options.S2s.IsEmpty || !options.S2sTls.IsEmpty,
            ["s2s-block", "s2s-block-file", "s2s-allow", "s2s-certificates", "s2s-without-certificate", "s2s-authorities", "s2s-private", "s2s-route", "s2s-stanzas-per-second"]),
        new("s2s-certificates required", "--s2s-certificates required", options => options.Chat.Federation.RequiresCertificates, ["s2s-without-certificate"]),
        new("beside", "--beside 127.0.0.1:5347 --beside-domain example.org --beside-secret-file beside.secret", BesideKeys.IsOn,
        [
            "beside-login", "beside-unchosen", "beside-addresses", "beside-roster", "beside-as-users", "beside-tls", "beside-authorities", "beside-plaintext", "beside-rate", "beside-sweep-hours", "beside-keep-days",
        ]),
    ];

    private static ImmutableArray<string> OnPages =>
        ["accent", "logo", "admin-second-factor", "oidc", "mail", "mail-from", "mail-password-file", "mail-authority", "addresses", "picture-import", "page-proofs", "outside-check", "return-host", "seen", "beside-login"];

    /// <summary>One line for each need that something said lacks.</summary>
    public static IEnumerable<string> Warnings(LikenessOptions options)
    {
        var told = new HashSet<string>();
        foreach (var need in All.Where(need => !need.IsMet(options)))
        {
            var places = need.Settings.Distinct().Select(name => (Name: name, Place: PlaceOf(options, name))).Where(one => one.Place is not null && told.Add(one.Name)).Select(one => $"{one.Name} ({one.Place})").ToList();
            if (places.Count > 0)
            {
                yield return $"{string.Join(", ", places)}: no effect without {need.What}; {need.Remedy} would give it one, else leave {(places.Count == 1 ? "it" : "them")} out.";
            }
        }
    }

    // What is said to be off is off.
    private static string? PlaceOf(LikenessOptions options, string name)
    {
        foreach (var source in options.Said)
        {
            if (source.Values.TryGetValue(name, out var values))
            {
                return IsOff(values) ? null : source.PlaceOf(name);
            }

            foreach (var (domain, said) in source.Policies)
            {
                if (said.TryGetValue(name, out var ofDomain) && !IsOff(ofDomain))
                {
                    return source.PlaceOf($"policies.{domain}.{name}");
                }
            }
        }

        return null;
    }

    private static bool IsOff(ImmutableArray<string> values) => values is ["off" or "no" or "false"];

    private static bool ServesWeb(LikenessOptions options) => !options.Http.IsEmpty || !options.Https.IsEmpty;

    private static bool HasTls(LikenessOptions options) => !options.Https.IsEmpty || XmppHosting.ServesChats(options) || !options.S2s.IsEmpty || !options.S2sTls.IsEmpty;

    private static IEnumerable<string> Group(string title) => OptionCatalogue.Groups.Single(group => group.Title == title).Keys.Select(key => key.Name);
}
