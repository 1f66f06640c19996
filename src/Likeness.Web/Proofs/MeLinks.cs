using System.Net;
using System.Text;

namespace Likeness.Web.Proofs;

/// <summary>
/// Reads the links of a page by which its owner says "that is me" (<c>rel="me"</c> of <c>a</c> and <c>link</c>). What is in comments, scripts
/// and other text of another kind is no link. Never fails, whatever the bytes are, and looks at each of them once.
/// </summary>
internal static class MeLinks
{
    /// <summary>Links of a page that are read.</summary>
    public const int MaxLinks = 200;

    // Their text is no markup (HTML §13.2.5).
    private static readonly string[] Text = ["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "noscript", "template", "plaintext"];

    public static IReadOnlyList<string> Read(ReadOnlyMemory<byte> page)
    {
        var html = Encoding.UTF8.GetString(page.Span);
        var links = new List<string>();
        for (var at = 0; at < html.Length && links.Count < MaxLinks;)
        {
            at = html.IndexOf('<', at);
            if (at < 0 || ++at >= html.Length)
            {
                break;
            }

            if (html[at] is '!' or '?' or '/')
            {
                at = string.CompareOrdinal(html, at, "!--", 0, 3) == 0 ? Behind(html, "-->", at + 1) : Behind(html, ">", at);
            }
            else if (char.IsAsciiLetter(html[at]))
            {
                var (name, attributes, next) = Tag(html, at);
                at = next;
                if (name is "a" or "link" && attributes.GetValueOrDefault("href") is { Length: > 0 } href
                    && (attributes.GetValueOrDefault("rel") ?? "").Split([' ', '\t', '\n', '\f', '\r']).Contains("me", StringComparer.OrdinalIgnoreCase))
                {
                    links.Add(href.Trim());
                }
                else if (Text.Contains(name))
                {
                    at = End(html, name, at);
                }
            }
        }

        return links;
    }

    // The name in lower case, the attributes of which the first of a name counts, and where the tag ends.
    private static (string Name, Dictionary<string, string> Attributes, int Next) Tag(string html, int at)
    {
        var start = at;
        while (at < html.Length && !IsSpace(html[at]) && html[at] is not ('/' or '>'))
        {
            at++;
        }

        var (name, attributes) = (html[start..at].ToLowerInvariant(), new Dictionary<string, string>(StringComparer.Ordinal));
        while (true)
        {
            while (at < html.Length && (IsSpace(html[at]) || html[at] == '/'))
            {
                at++;
            }

            if (at >= html.Length || html[at] == '>')
            {
                return (name, attributes, at + 1);
            }

            start = at++;
            while (at < html.Length && !IsSpace(html[at]) && html[at] is not ('/' or '>' or '='))
            {
                at++;
            }

            var attribute = html[start..at].ToLowerInvariant();
            (var value, at) = Value(html, at);
            attributes.TryAdd(attribute, WebUtility.HtmlDecode(value));
        }
    }

    private static (string Value, int Next) Value(string html, int at)
    {
        var before = at;
        at = BehindSpace(html, at);
        if (at >= html.Length || html[at] != '=')
        {
            return ("", before);
        }

        at = BehindSpace(html, at + 1);
        if (at < html.Length && html[at] is '"' or '\'')
        {
            var end = html.IndexOf(html[at], at + 1);
            return end < 0 ? ("", html.Length) : (html[(at + 1)..end], end + 1);
        }

        var start = at;
        while (at < html.Length && !IsSpace(html[at]) && html[at] != '>')
        {
            at++;
        }

        return (html[start..at], at);
    }

    private static int BehindSpace(string html, int at)
    {
        while (at < html.Length && IsSpace(html[at]))
        {
            at++;
        }

        return at;
    }

    private static int End(string html, string name, int at)
    {
        var end = at < html.Length ? html.IndexOf("</" + name, at, StringComparison.OrdinalIgnoreCase) : -1;
        return end < 0 ? html.Length : end + 2;
    }

    private static int Behind(string html, string mark, int at)
    {
        var end = html.IndexOf(mark, at, StringComparison.Ordinal);
        return end < 0 ? html.Length : end + mark.Length;
    }

    private static bool IsSpace(char letter) => letter is ' ' or '\t' or '\n' or '\f' or '\r';
}
