using System.CommandLine;
using Likeness.Server.Control;

namespace Likeness.Cli.Commands;

internal sealed class RestoreCommand : TeachingCommand
{
    public RestoreCommand(Terminal terminal)
        : base("restore", "Puts a backup back into an empty data directory, or with --force in place of what is there. The database may be another one than it came from.")
    {
        var file = new Argument<string>("FILE") { Description = "A file that 'likeness backup' wrote." };
        var force = new Option<bool>("--force") { Description = "Replace what is there." };
        Add(file);
        Add(force);
        var common = CommonOptions.AddTo(this);
        SetAction(async (parsed, cancellationToken) =>
        {
            var restoration = new Restoration(common.Directory(parsed), common.Configuration(parsed));
            var manifest = await restoration.Run(parsed.GetRequiredValue(file), parsed.GetValue(force), cancellationToken);
            await terminal.Out.WriteLineAsync($"Everything is as it was at {manifest.Created:u}.");
        });
        Examples = ["likeness restore /var/backups/likeness.tar.gz --data /var/lib/likeness", "LIKENESS_DATABASE='Host=/run/postgresql;Database=likeness' likeness restore likeness.tar.gz"];
    }
}
