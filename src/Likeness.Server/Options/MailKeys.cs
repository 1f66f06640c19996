using System.Collections.Immutable;
using Likeness.Web.Mails;

namespace Likeness.Server.Options;

/// <summary>How mail leaves the server, and what it is trusted with.</summary>
internal static class MailKeys
{
    private const string All = "all settings together";
    private const int SubmissionPort = 587;
    private const int TlsPort = 465;

    public static ImmutableArray<OptionKey> Keys { get; } =
    [
        new("mail", "off", "smtps://likeness@mail.example.org",
            "Where mail goes out: smtp://USER@HOST:PORT (STARTTLS, port 587), smtps://USER@HOST:PORT (port 465), file:FOLDER for trials, or off. Needs public-url.",
            (options, values) => options with { Mail = Route(OptionText.One(values)) }),
        new("mail-from", "noreply@ the first domain", "likeness@example.org",
            "The mailbox that mails come from.",
            (options, values) => options with { MailFrom = From(OptionText.One(values)) }),
        new("mail-password-file", "none", "/etc/likeness/mail.password",
            "File with the password of the user at the mail server; with ?auth=xoauth2 in its URL a token. Read anew for each connection.",
            (options, values) => options with { MailPasswordFile = OptionText.File(values) })
        {
            NamesFile = true,
        },
        new("mail-authority", "those of the system", "/etc/likeness/mail-ca.pem",
            "PEM file with the certificates of an authority that the mail server's certificate may come from.",
            (options, values) => options with { MailAuthority = OptionText.File(values) })
        {
            NamesFile = true,
        },
        new("addresses", "other", "same",
            "same: a chat address is the mailbox of the same person, so that mail about the account goes there. other: it may be nobody's, and mail goes to addresses that were confirmed.",
            (options, values) => options with { AccountsAreMailboxes = OptionText.OneOf(values, "other", "same") == 1 }),
    ];

    /// <summary>Null: no mail leaves the server.</summary>
    public static MailOptions? Of(LikenessOptions options) => options.Mail is not { } route || !options.Pages ? null : new MailOptions(route, options.MailFrom ?? $"noreply@{options.Domains[0]}")
    {
        PasswordFile = options.MailPasswordFile,
        AuthorityFile = options.MailAuthority,
        AccountsAreMailboxes = options.AccountsAreMailboxes,
        Secret = InstallationSecret.Ensure(options.DataDirectory),
    };

    public static IEnumerable<OptionProblem> Problems(LikenessOptions options)
    {
        if (options.Mail is null)
        {
            yield break;
        }

        if (options.PublicUrl is null)
        {
            yield return new("mail", All, "mails have links in them, which begin with public-url", "--public-url https://avatars.example.org");
        }

        if (options.Mail is MailRoute.Smtp { User: not null } && options.MailPasswordFile is null)
        {
            yield return new("mail-password-file", All, "the mail server is told a user, and wants a password", "/etc/likeness/mail.password");
        }
    }

    private static MailRoute? Route(string value)
    {
        if (value == "off")
        {
            return null;
        }

        if (value.StartsWith("file:", StringComparison.Ordinal))
        {
            var folder = value["file:".Length..];
            return folder.StartsWith("//", StringComparison.Ordinal) || folder.Length == 0 ? throw new FormatException($"'{value}' is not file:FOLDER")
                : File.Exists(folder) ? throw new FormatException($"'{folder}' is a file; a folder is wanted")
                : new MailRoute.Folder(Path.GetFullPath(folder));
        }

        // The text is not said again: it may hold a password where none belongs.
        if (!Uri.TryCreate(value, UriKind.Absolute, out var url) || url.Scheme is not ("smtp" or "smtps") || url.Host.Length == 0 || url.AbsolutePath is not ("" or "/") || url.Fragment.Length > 0)
        {
            throw new FormatException("this is not smtp://USER@HOST:PORT, smtps://USER@HOST:PORT, file:FOLDER or off");
        }

        if (url.UserInfo.Contains(':', StringComparison.Ordinal))
        {
            throw new FormatException("a password does not belong into the URL, which others can read; it goes into the file of mail-password-file");
        }

        if (url.Query is not ("" or "?auth=xoauth2"))
        {
            throw new FormatException($"'{url.Query}' is not ?auth=xoauth2");
        }

        var isTlsFirst = url.Scheme == "smtps";
        var port = url.Port > 0 ? url.Port : isTlsFirst ? TlsPort : SubmissionPort;
        return new MailRoute.Smtp(url.IdnHost, port, isTlsFirst, url.UserInfo.Length > 0 ? Uri.UnescapeDataString(url.UserInfo) : null, url.Query.Length > 0);
    }

    private static string From(string value) => MailOptions.IsMailbox(value) ? value : throw new FormatException($"'{value}' is not a mailbox, such as noreply@example.org");
}
