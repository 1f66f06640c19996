using Likeness.Server.Administration;
using Likeness.Server.Options;

namespace Likeness.Cli.Commands;

internal sealed class ConfigCommand : TeachingCommand
{
    public ConfigCommand(Terminal terminal)
        : base("config", "Settings: whether a server would take them.")
    {
        Add(new ConfigCheckCommand(terminal));
        Examples = ["likeness config check"];
    }

    private sealed class ConfigCheckCommand : TeachingCommand
    {
        public ConfigCheckCommand(Terminal terminal)
            : base("check", "Reads flags, environment and file as serve does, and the certificates, and says what is wrong; starts nothing and changes nothing.")
        {
            var common = CommonOptions.AddTo(this);
            var flags = SettingFlags.AddTo(this);
            SetAction(async (parsed, _) =>
            {
                OptionSource[] sources = [flags.Read(parsed), .. common.Configuration(parsed)];
                var options = OptionReader.Read(new LikenessOptions { DataDirectory = common.Directory(parsed) }, sources);
                foreach (var warning in OptionCheck.Warnings(options, TimeProvider.System))
                {
                    await terminal.Error.WriteLineAsync("likeness: " + warning);
                }

                foreach (var name in sources.SelectMany(source => source.Values.Keys).Distinct().Order(StringComparer.Ordinal))
                {
                    await terminal.Out.WriteLineAsync($"{name}  from {sources.First(source => source.Values.ContainsKey(name)).PlaceOf(name)}");
                }

                await terminal.Out.WriteLineAsync($"The settings can be used; data in {options.DataDirectory}, serving {string.Join(", ", options.Domains)}.");
            });
            Examples = ["likeness config check", "likeness config check --config /etc/likeness/likeness.json --data /var/lib/likeness"];
        }
    }
}
