using System.Globalization;
using System.Net;
using System.Text;
using Likeness.Stores;
using Likeness.Web.Language;
using MimeKit;
using MimeKit.Text;

namespace Likeness.Web.Mails;

/// <summary>Turns what a mail is for into the mail: once as text and once as HTML, both with the same words, nothing loaded from elsewhere.</summary>
internal sealed class MailTexts(PageOptions options, MailTokens tokens, TimeProvider time)
{
    /// <summary>Throws <see cref="FormatException"/> for an address to which no mail can go.</summary>
    public MimeMessage Write(Mail mail)
    {
        if (!MailOptions.IsMailbox(mail.Address))
        {
            throw new FormatException("This is no mailbox.");
        }

        var content = MailContent.Read(mail);
        var words = Words.In(content.Language);
        var link = LinkOf(mail);
        var message = new MimeMessage();
        message.From.Add(new MailboxAddress(content.Domain, options.Mail!.From));
        message.To.Add(new MailboxAddress("", Sendable(mail.Address)));
        message.Subject = Filled(words, mail, content, ".subject");
        message.Date = time.GetUtcNow();
        message.MessageId = $"{mail.Id}@{new MailboxAddress("", options.Mail.From).Domain}";
        message.Headers.Add("Auto-Submitted", "auto-generated");
        message.Headers.Add("X-Auto-Response-Suppress", "All");
        if (mail.Kind == MailKind.Notice)
        {
            message.Headers.Add(HeaderId.ListUnsubscribe, $"<{link}>");
        }

        var lines = Lines(words, mail, content, link).ToList();
        message.Body = new MultipartAlternative
        {
            new TextPart(TextFormat.Plain) { Text = string.Join("\n\n", lines.Select(line => line.Link is null ? line.Text : $"{line.Text}\n{line.Link}")) + "\n" },
            new TextPart(TextFormat.Html) { Text = Html(words, lines) },
        };
        message.Prepare(EncodingConstraint.SevenBit);
        return message;
    }

    /// <summary>Where the mail leads, below the address that the operator gave and never another one.</summary>
    public string LinkOf(Mail mail) => $"{options.Root}/mail/{tokens.TokenOf(mail.Id)}";

    // A domain in letters goes as its A-labels (RFC 5891); the local part stays as it is.
    private static string Sendable(string address)
    {
        var at = address.LastIndexOf('@');
        return address[..(at + 1)] + new IdnMapping().GetAscii(address[(at + 1)..]);
    }

    private IEnumerable<(string Text, string? Link)> Lines(Words words, Mail mail, MailContent content, string link)
    {
        yield return (Filled(words, mail, content, ".text"), null);
        if (mail.Kind is MailKind.Address or MailKind.SignIn or MailKind.Reset or MailKind.SignUp)
        {
            yield return (Filled(words, mail, content, ".do"), link);
            if (mail.Kind == MailKind.SignIn)
            {
                yield return (words["mail.code", tokens.CodeOf(mail.Id)], null);
            }

            yield return (words["mail.until", words.Time(mail.Expires)], null);
        }

        if (mail.Kind != MailKind.Test)
        {
            yield return (words["mail.stop"], link);
        }
    }

    // {0}: the domain; {1}: the account; {2}: when; {3}: from where; {4}: the address; {5}: what else there is to say.
    private static string Filled(Words words, Mail mail, MailContent content, string part)
    {
        var kind = "mail." + mail.Kind.ToString().ToLowerInvariant();
        if (mail.Kind == MailKind.Notice && part == ".text")
        {
            kind = "event." + content.Values["event"];
            part = "";
        }

        return words[kind + part, content.Domain, mail.Account?.Value ?? "", words.Time(mail.Made), mail.Network, mail.Address, content.Values.GetValueOrDefault("more") ?? ""];
    }

    private static string Html(Words words, IEnumerable<(string Text, string? Link)> lines)
    {
        var html = new StringBuilder($"<!DOCTYPE html>\n<html lang=\"{words.Language}\"><head><meta charset=\"utf-8\"><title></title></head><body>\n");
        foreach (var (text, link) in lines)
        {
            html.Append("<p>").Append(WebUtility.HtmlEncode(text));
            if (link is not null)
            {
                html.Append("<br><a href=\"").Append(WebUtility.HtmlEncode(link)).Append("\">").Append(WebUtility.HtmlEncode(link)).Append("</a>");
            }

            html.Append("</p>\n");
        }

        return html.Append("</body></html>\n").ToString();
    }
}
