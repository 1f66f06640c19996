using System.CommandLine;

namespace Likeness.Cli.Manuals;

/// <summary>One command as its help tells it: what completions and manual pages are made of.</summary>
/// <param name="Path">The words that call it, the program's name first.</param>
internal sealed record DescribedCommand(string Path, Command Command)
{
    public string Summary => Command.Description ?? "";

    public IEnumerable<Command> Children => Command.Subcommands.Where(child => !child.Hidden).OrderBy(child => child.Name, StringComparer.Ordinal);

    public IEnumerable<Option> Options => Command.Options.Where(option => !option.Hidden && option.Name.StartsWith("--", StringComparison.Ordinal)).OrderBy(option => option.Name, StringComparer.Ordinal);

    /// <summary>The command and everything below it, each before its children.</summary>
    public static IEnumerable<DescribedCommand> All(Command root)
    {
        var described = new DescribedCommand(root.Name, root);
        return described.Tree();
    }

    private IEnumerable<DescribedCommand> Tree() =>
        Children.SelectMany(child => new DescribedCommand($"{Path} {child.Name}", child).Tree()).Prepend(this);
}
