using System.CommandLine;
using Likeness.Server;
using Spectre.Console;

namespace Likeness.Cli;

/// <summary>A password from the flag, from a person at the terminal, or from standard input.</summary>
internal sealed class PasswordOption
{
    private readonly Terminal _terminal;
    private readonly Option<string?> _password = new("--password")
    {
        Description = "The password. Without it: asked for, or read from standard input.",
        HelpName = "PW",
    };

    public PasswordOption(Command command, Terminal terminal)
    {
        command.Add(_password);
        _terminal = terminal;
    }

    public async Task<string> Read(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(_password) is { } said)
        {
            return said;
        }

        return _terminal.Interactive
            ? await AskTwice(question => new TextPrompt<string>(question).Secret().ShowAsync(_terminal.Console, cancellationToken))
            : await _terminal.In.ReadLineAsync(cancellationToken) ?? throw new OperationRefusedException("No password came on standard input.");
    }

    /// <summary>Nobody sees what is typed, and a slip would lock the person out.</summary>
    internal static async Task<string> AskTwice(Func<string, Task<string>> ask)
    {
        var password = await ask("Password:");
        return await ask("Again:") == password ? password : throw new OperationRefusedException("The two passwords are not the same; nothing was changed.");
    }
}
