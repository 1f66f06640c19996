using System.CommandLine;
using Likeness.Cli.Manuals;

namespace Likeness.Cli.Commands;

/// <summary>Writes the manual pages into a folder; for packages.</summary>
internal sealed class ManualCommand : Command
{
    public ManualCommand()
        : base("manual", "Writes the manual pages of every command into a folder.")
    {
        Hidden = true;
        var folder = new Argument<string>("DIR");
        var date = new Option<DateOnly>("--date") { Description = "Date of the release.", DefaultValueFactory = _ => new DateOnly(2000, 1, 1) };
        Add(folder);
        Add(date);
        SetAction(async (parsed, cancellationToken) =>
        {
            var target = Directory.CreateDirectory(parsed.GetRequiredValue(folder)).FullName;
            foreach (var (name, text) in ManualPages.All(parsed.RootCommandResult.Command, parsed.GetValue(date)))
            {
                await File.WriteAllTextAsync(Path.Combine(target, name), text, cancellationToken);
            }
        });
    }
}
