using System.CommandLine;
using System.Globalization;
using System.Text;
using Likeness.Server.Options;

namespace Likeness.Cli.Manuals;

/// <summary>Manual pages, made from what <c>--help</c> and the list of settings say.</summary>
internal static class ManualPages
{
    /// <summary>File names, such as <c>likeness-user-add.1</c>, and their text.</summary>
    /// <param name="date">Of the release, for the footer.</param>
    public static IEnumerable<(string Name, string Text)> All(Command root, DateOnly date)
    {
        var pages = DescribedCommand.All(root).Select(command => (NameOf(command) + ".1", Page(command, date)));
        return pages.Append(("likeness.json.5", SettingsPage(date)));
    }

    private static string NameOf(DescribedCommand command) => command.Path.Replace(' ', '-');

    private static string Page(DescribedCommand command, DateOnly date)
    {
        var page = Begin(NameOf(command).ToUpperInvariant(), 1, date, NameOf(command), command.Summary);
        Section(page, "SYNOPSIS");
        page.Append(CultureInfo.InvariantCulture, $".B {Escape(command.Path)}\n");
        foreach (var argument in command.Command.Arguments.Where(argument => !argument.Hidden))
        {
            page.Append(CultureInfo.InvariantCulture, $".I {Escape(argument.Arity.MinimumNumberOfValues == 0 ? $"[{argument.Name}]" : argument.Name)}\n");
        }

        page.Append(command.Children.Any() ? ".I COMMAND\n" : ".RI [ options ]\n");
        Entries(page, "COMMANDS", command.Children.Select(child => (child.Name, "", child.Description)));
        Entries(page, "ARGUMENTS", command.Command.Arguments.Where(argument => !argument.Hidden).Select(argument => (argument.Name, "", argument.Description)));
        Entries(page, "OPTIONS", Described(command.Options.Where(option => option is not SettingFlag)));
        foreach (var (title, flags) in SettingFlag.Grouped(command.Options))
        {
            Entries(page, Escape(title.ToUpperInvariant()), Described(flags));
        }

        Examples(page, command.Command);
        Entries(page, "EXIT STATUS", [("0", "", "Done."), ("1", "", "Refused or failed, with one line on standard error."), ("2", "", "Wrong usage or configuration.")]);
        var others = command.Children.Select(child => $"{NameOf(command)}-{child.Name}(1)").Append("likeness.json(5)");
        Section(page, "SEE ALSO");
        page.AppendJoin(", ", others.Select(Escape)).Append('\n');
        return page.ToString();
    }

    private static string SettingsPage(DateOnly date)
    {
        var page = Begin("LIKENESS.JSON", 5, date, "likeness.json", "settings of the Likeness server");
        Section(page, "DESCRIPTION");
        page.Append("A JSON object of settings; comments and trailing commas are allowed. Every setting is also a flag of\n.B likeness serve\nand an environment variable; flags win over variables, variables over the file.\n");
        foreach (var group in OptionCatalogue.Groups)
        {
            Section(page, Escape(group.Title.ToUpperInvariant()));
            foreach (var key in group.Keys)
            {
                page.Append(CultureInfo.InvariantCulture, $".TP\n.B {Escape(key.Name)}\n{Line(key.Meaning)}\n.br\nDefault: {Line(key.Default)}.\n.br\nVariable: {Escape(key.Variable)}\n");
            }
        }

        Section(page, "SEE ALSO");
        page.Append("likeness\\-serve(1)\n");
        return page.ToString();
    }

    private static IEnumerable<(string Word, string Value, string? Meaning)> Described(IEnumerable<Option> options) =>
        options.Select(option => (option.Name, option.HelpName ?? "", option.Description));

    private static StringBuilder Begin(string title, int section, DateOnly date, string name, string summary)
    {
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $".TH {Escape(title)} {section} {date:yyyy-MM-dd} Likeness\n");
        Section(page, "NAME");
        page.Append(CultureInfo.InvariantCulture, $"{Escape(name)} \\- {Line(summary.TrimEnd('.'))}\n");
        return page;
    }

    private static void Section(StringBuilder page, string name) => page.Append(CultureInfo.InvariantCulture, $".SH {name}\n");

    private static void Entries(StringBuilder page, string section, IEnumerable<(string Word, string Value, string? Meaning)> entries)
    {
        var all = entries.ToList();
        if (all.Count == 0)
        {
            return;
        }

        Section(page, section);
        foreach (var (word, value, meaning) in all)
        {
            var head = value.Length == 0 ? $".B {Escape(word)}" : $".BI {Escape(word)} \" {Escape(value)}\"";
            page.Append(CultureInfo.InvariantCulture, $".TP\n{head}\n{Line(meaning ?? "")}\n");
        }
    }

    private static void Examples(StringBuilder page, Command command)
    {
        if (command is not ITeaching { Examples: { Count: > 0 } examples })
        {
            return;
        }

        Section(page, "EXAMPLES");
        page.Append(".nf\n");
        foreach (var example in examples)
        {
            page.Append(Line(example)).Append('\n');
        }

        page.Append(".fi\n");
    }

    /// <summary>A line of text: never read as a request, whatever it begins with.</summary>
    private static string Line(string text)
    {
        var line = Escape(text.ReplaceLineEndings(" "));
        return line.StartsWith('.') || line.StartsWith('\'') ? "\\&" + line : line;
    }

    private static string Escape(string text) => text.Replace("\\", "\\e", StringComparison.Ordinal).Replace("-", "\\-", StringComparison.Ordinal);
}
