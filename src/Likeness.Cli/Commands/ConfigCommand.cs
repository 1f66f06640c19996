using System.CommandLine;
using Likeness.Server.Administration;
using Likeness.Server.Options;

namespace Likeness.Cli.Commands;

internal sealed class ConfigCommand : TeachingCommand
{
    public ConfigCommand(Terminal terminal)
        : base("config", "Settings: which there are, and whether a server would take them.")
    {
        Add(new ConfigListCommand(terminal));
        Add(new ConfigShowCommand(terminal));
        Add(new ConfigCheckCommand(terminal));
        Examples = ["likeness config list", "likeness config show", "likeness config check"];
    }

    private sealed class ConfigListCommand : TeachingCommand
    {
        private const int NameColumns = 28;

        public ConfigListCommand(Terminal terminal)
            : base("list", "Lists every setting by what it is needed for: its name in the file, default, example and meaning.")
        {
            var json = JsonOption.AddTo(this);
            SetAction(async (parsed, _) =>
            {
                var answer = new Answer
                {
                    Lines = [.. OptionCatalogue.Groups.SelectMany(Lines).SkipLast(1)],
                    Rows = [.. OptionCatalogue.Groups.SelectMany(group => group.Keys.Select(key => Row(group, key)))],
                };
                await json.Write(terminal, parsed, answer);
            });
            Examples = ["likeness config list", "likeness config list --json"];
        }

        private static IEnumerable<string> Lines(OptionGroup group) =>
            [group.Title, .. group.Keys.Select(key => $"  {key.Name,-NameColumns}  {key.Meaning} Default: {key.Default}. Example: {key.Example}"), ""];

        private static IReadOnlyDictionary<string, string> Row(OptionGroup group, OptionKey key) => new Dictionary<string, string>
        {
            ["group"] = group.Title,
            ["key"] = key.Name,
            ["flag"] = key.Flag,
            ["variable"] = key.Variable,
            ["default"] = key.Default,
            ["example"] = key.Example,
            ["meaning"] = key.Meaning,
            ["repeatable"] = key.Repeatable ? "yes" : "no",
            ["perDomain"] = key.PerDomain ? "yes" : "no",
        };
    }

    private sealed class ConfigShowCommand : TeachingCommand
    {
        private const string Secret = "(set, and not shown)";

        public ConfigShowCommand(Terminal terminal)
            : base("show", "Shows what would be in force, and who says so: flags, environment, the file and its line, or nobody. What may hold a password is not shown.")
        {
            var all = new Option<bool>("--all") { Description = "Those that nobody said, too." };
            Add(all);
            var common = CommonOptions.AddTo(this);
            var json = JsonOption.AddTo(this);
            var flags = SettingFlags.AddTo(this);
            SetAction(async (parsed, _) =>
            {
                var options = OptionReader.Read(new LikenessOptions { DataDirectory = common.Directory(parsed) }, [flags.Read(parsed), .. common.Configuration(parsed)]);
                var settings = SettingsInForce.Of(options.Said).Where(setting => setting.Place is not null || parsed.GetValue(all)).ToList();
                await json.Write(terminal, parsed, new Answer
                {
                    Lines = settings.Count == 0 ? ["Nobody said anything: every setting has its default. --all shows them."] : [.. settings.Select(Line)],
                    Rows = [.. settings.Select(Row)],
                });
            });
            Examples = ["likeness config show", "likeness config show --all --json"];
        }

        private static string Line(SettingInForce setting) => $"{setting.Name} = {setting.Value ?? Secret}  ({setting.Place ?? "default"})";

        private static IReadOnlyDictionary<string, string> Row(SettingInForce setting)
        {
            var row = new Dictionary<string, string> { ["key"] = setting.Name, ["from"] = setting.Place ?? "default" };
            if (setting.Value is { } value)
            {
                row["value"] = value;
            }

            return row;
        }
    }

    private sealed class ConfigCheckCommand : TeachingCommand
    {
        public ConfigCheckCommand(Terminal terminal)
            : base("check", "Reads flags, environment and file as serve does, and the certificates, and says what is wrong; starts nothing and changes nothing.")
        {
            var common = CommonOptions.AddTo(this);
            var json = JsonOption.AddTo(this);
            var flags = SettingFlags.AddTo(this);
            SetAction(async (parsed, _) =>
            {
                OptionSource[] sources = [flags.Read(parsed), .. common.Configuration(parsed)];
                var options = OptionReader.Read(new LikenessOptions { DataDirectory = common.Directory(parsed) }, sources);
                foreach (var warning in OptionCheck.Warnings(options, TimeProvider.System))
                {
                    await terminal.Error.WriteLineAsync("likeness: " + warning);
                }

                var said = sources.SelectMany(source => source.Values.Keys).Distinct().Order(StringComparer.Ordinal)
                    .Select(name => (Name: name, Place: sources.First(source => source.Values.ContainsKey(name)).PlaceOf(name))).ToList();
                await json.Write(terminal, parsed, new Answer
                {
                    Lines = [.. said.Select(one => $"{one.Name}  from {one.Place}"), $"The settings can be used; data in {options.DataDirectory}, serving {string.Join(", ", options.Domains)}."],
                    Rows = [.. said.Select(one => new Dictionary<string, string> { ["key"] = one.Name, ["from"] = one.Place })],
                });
            });
            Examples = ["likeness config check", "likeness config check --config /etc/likeness/likeness.json --data /var/lib/likeness"];
        }
    }
}
