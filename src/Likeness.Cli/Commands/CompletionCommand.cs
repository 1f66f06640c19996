using System.CommandLine;
using Likeness.Cli.Manuals;

namespace Likeness.Cli.Commands;

internal sealed class CompletionCommand : TeachingCommand
{
    public CompletionCommand(Terminal terminal)
        : base("completion", "Prints a completion script for bash, zsh or fish.")
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish" }.AcceptOnlyFromAmong([.. Completions.Shells.Keys]);
        Add(shell);
        SetAction(async (parsed, _) => await terminal.Out.WriteAsync(
            Completions.Shells[parsed.GetRequiredValue(shell)](parsed.RootCommandResult.Command)));
        Examples =
        [
            "likeness completion bash > ~/.local/share/bash-completion/completions/likeness",
            "likeness completion fish > ~/.config/fish/completions/likeness.fish",
        ];
    }
}
