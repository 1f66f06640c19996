using System.Globalization;
using Likeness.Libravatar;
using MimeKit;

namespace Likeness.Web.Mails;

/// <summary>How mail leaves this server.</summary>
/// <param name="From">Mailbox that mails come from, such as <c>noreply@example.org</c>.</param>
public sealed record MailOptions(MailRoute Route, string From)
{
    private const int MinAddress = 6;
    private const int MaxAddress = 254;

    /// <summary>File with the password, or the OAuth token, of the mail server; read for each connection. Null: none is shown.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>PEM file with certificates that are trusted beside those of the system; null: none.</summary>
    public string? AuthorityFile { get; init; }

    /// <summary>Of the installation: what links say is derived from it.</summary>
    public byte[] Secret { get; init; } = [];

    /// <summary>The account's own address is a mailbox of the same person.</summary>
    public bool AccountsAreMailboxes { get; init; }

    /// <summary>Whether mail can go there or come from there: an address as RFC 5321 §4.1.2 writes it, in lower case, with the name of a domain, and nothing beside it.</summary>
    public static bool IsMailbox(string text) =>
        text.Length is >= MinAddress and <= MaxAddress && !text.Any(character => char.IsControl(character) || char.IsWhiteSpace(character))
        && Address.TryParse(text, out var address) && address.Text == text
        && MailboxAddress.TryParse(text, out var mailbox) && mailbox.LocalPart == text[..text.LastIndexOf('@')] && IsDomain(address.Domain);

    // A network address may be one inside. Of the many spellings of a domain two are good: its letters, and its A-labels (RFC 5890 §2.3.2.1).
    private static bool IsDomain(string text)
    {
        try
        {
            var idn = new IdnMapping { UseStd3AsciiRules = true };
            var ascii = idn.GetAscii(text);
            return Uri.CheckHostName(ascii) == UriHostNameType.Dns && ascii[^1] != '.' && (text == ascii || text == idn.GetUnicode(ascii));
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}

/// <summary>Where mails go from here.</summary>
public abstract record MailRoute
{
    private MailRoute()
    {
    }

    /// <summary>A mail server that takes them: a relay or a submission service (RFC 6409).</summary>
    /// <param name="Port">Zero is none.</param>
    /// <param name="IsTlsFirst">TLS from the first byte (RFC 8314 §3.3); else STARTTLS, which has to be there unless the host is this machine.</param>
    /// <param name="User">Null: nobody logs in.</param>
    /// <param name="IsToken">The password is an OAuth token (XOAUTH2).</param>
    public sealed record Smtp(string Host, int Port, bool IsTlsFirst, string? User, bool IsToken) : MailRoute;

    /// <summary>A folder into which each is written as a file, for trials.</summary>
    public sealed record Folder(string Path) : MailRoute;
}
