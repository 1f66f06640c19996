using System.Text;

namespace Likeness.Accounts;

/// <summary>Names that people may not give themselves: those of offices (RFC 2142), and those that look like another name.</summary>
internal static class ChosenNames
{
    public const string OfOperators = "This name belongs to the people who run the server.";

    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        "abuse", "account", "accounts", "admin", "administrator", "administration", "anonymous", "anybody", "bot", "daemon", "everybody",
        "ftp", "help", "helpdesk", "hostmaster", "info", "likeness", "mail", "mailer", "mailerdaemon", "marketing", "moderator", "news",
        "nobody", "noc", "noreply", "donotreply", "notification", "notifications", "office", "operator", "owner", "postmaster", "privacy",
        "register", "registration", "root", "sales", "security", "server", "service", "ssladmin", "ssladministrator", "sslwebmaster",
        "staff", "support", "sysadmin", "sysop", "system", "team", "trouble", "usenet", "uucp", "webmaster", "www", "xmpp",
    };

    // Letters of other scripts that nobody can tell from a Latin one: Cyrillic, Greek, Armenian.
    private const string LookAlikes = "аеорсухіјѕԛԝһӏԁвкмнтгьпυνοικραβτηωϲϳօոսհցզւ";

    /// <summary>One sentence for the person; null: the name is good.</summary>
    /// <param name="name">A normalised localpart.</param>
    public static string? FaultIn(string name)
    {
        if (Reserved.Contains(Plain(name)))
        {
            return OfOperators;
        }

        var letters = name.EnumerateRunes().Where(Rune.IsLetter).ToList();
        var scripts = letters.Select(ScriptOf).OfType<string>().Distinct().Count();
        var isDisguised = letters.Count > 0 && letters.TrueForAll(letter => letter.Value > 0x24F && LookAlikes.Contains(letter.ToString(), StringComparison.Ordinal));
        return scripts > 1 || isDisguised ? "This name looks like another one: write it in the letters of one alphabet." : null;
    }

    // "Adm1n", "ad.min" and "admin_" are read as "admin".
    private static string Plain(string name)
    {
        var plain = new StringBuilder(name.Length);
        foreach (var character in name)
        {
            switch (character)
            {
                case '.' or '-' or '_' or '+':
                    break;
                case '0':
                    plain.Append('o');
                    break;
                case '1' or '|' or '!':
                    plain.Append('i');
                    break;
                case '3':
                    plain.Append('e');
                    break;
                case '5' or '$':
                    plain.Append('s');
                    break;
                default:
                    plain.Append(character);
                    break;
            }
        }

        return plain.ToString();
    }

    // Those that are mistaken for each other; whatever else counts as one.
    private static string? ScriptOf(Rune letter) => letter.Value switch
    {
        < 0x250 or (>= 0x1E00 and < 0x1F00) => "Latin",
        (>= 0x370 and < 0x400) or (>= 0x1F00 and < 0x2000) => "Greek",
        >= 0x400 and < 0x530 => "Cyrillic",
        >= 0x530 and < 0x590 => "Armenian",
        (>= 0x13A0 and < 0x1400) or (>= 0xAB70 and < 0xABC0) => "Cherokee",
        _ => null,
    };
}
