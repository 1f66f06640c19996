using Likeness.Accounts;
using Likeness.Stores;
using Likeness.Web.Mails;
using Likeness.Web.Portraits;
using Likeness.Web.Proofs;
using Likeness.Web.Visits;

namespace Likeness.Web.Pages;

/// <summary><c>/privacy</c>: what is kept of whom, for how long, and who else is asked, from the settings and the very numbers that are in force.</summary>
[Open]
internal sealed class PrivacyModel(DomainPolicies policies, PageOptions options, Imports imports, PageProofs proofs, OwnCheck check) : SitePage
{
    public DomainPolicy Policy => policies.ForHost(Request.Host.Host);

    public IReadOnlyList<string> Contacts => options.Privacy.Contacts;

    public IEnumerable<(string Heading, IEnumerable<string> Lines)> Sections =>
    [
        ("privacy.visitors", Visitors),
        ("privacy.people", People),
        ("privacy.others", Others),
    ];

    private PrivacyFacts Facts => options.Privacy;

    private IEnumerable<string> Visitors =>
    [
        T["privacy.looking"],
        T["privacy.cookie", Visitor.Cookie],
        T["privacy.loaded"],
        T["privacy.seen." + Policy.Seen.ToString().ToLowerInvariant(), ISeenStore.Kept.TotalDays],
    ];

    private IEnumerable<string> People
    {
        get
        {
            yield return T["privacy.account"];
            yield return T["privacy.visibility", T["visibility." + Policy.DefaultVisibility.ToString().ToLowerInvariant()]];
            yield return T["privacy.earlier", IAlbumStore.MaxEarlier, IAlbumStore.EarlierLifetime.TotalDays, IAlbumStore.MaxKept];
            yield return T["privacy.sessions", WebSessions.Idle.TotalDays, WebSessions.Lifetime.TotalDays];
            yield return T["privacy.log", IAuditStore.Kept.TotalDays];
            if (options.HasChats && Policy.Chats)
            {
                yield return T["privacy.chats"];
                yield return !Facts.KeepsArchives ? T["privacy.archive.none"] : Policy.ArchiveDays == 0 ? T["privacy.archive.good"] : T["privacy.archive", Policy.ArchiveDays];
                if (Facts.SharedFiles is { } lifetime)
                {
                    yield return T["privacy.files", lifetime.TotalDays];
                }
            }

            if (options.Mail is not null)
            {
                yield return T["privacy.mail", MailBook.Stopped.TotalDays];
            }
        }
    }

    private IEnumerable<string> Others
    {
        get
        {
            yield return T["privacy.sites", (Policy.CacheSeconds + 59) / 60];
            if (Policy.Chats && Facts.TalksToOtherServers)
            {
                yield return T["privacy.servers"];
            }

            if (!Policy.Chats)
            {
                yield return T["privacy.beside"];
            }

            if (Policy.Gravatar != GravatarMode.Off)
            {
                yield return T["privacy.gravatar." + Policy.Gravatar.ToString().ToLowerInvariant()];
            }

            if (Facts.AsksOtherDomains)
            {
                yield return T["privacy.gateway"];
            }

            if (imports.Sources.Count > 0)
            {
                yield return T["privacy.import", string.Join(", ", imports.Sources)];
            }

            if (proofs.IsOn)
            {
                yield return T["privacy.proofs"];
            }

            if (check.LooksOutside)
            {
                yield return T["privacy.outside"];
            }

            if (options.Providers.Count > 0)
            {
                yield return T["privacy.providers", string.Join(", ", options.Providers.Select(provider => provider.Name))];
            }
        }
    }
}
