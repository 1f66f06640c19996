using Spectre.Console;

namespace Likeness.Cli;

/// <summary>What a command reads from and writes to.</summary>
/// <param name="Interactive">A person sits there and can be asked.</param>
public sealed record Terminal(TextReader In, TextWriter Out, TextWriter Error, bool Interactive)
{
    /// <summary>Styled output; plain text with lines as long as they are where <see cref="Out"/> is no terminal.</summary>
    public IAnsiConsole Console { get; } = StyledOutput(Out);

    public static Terminal OfProcess() =>
        new(System.Console.In, System.Console.Out, System.Console.Error, Interactive: !System.Console.IsInputRedirected && !System.Console.IsOutputRedirected);

    private static IAnsiConsole StyledOutput(TextWriter output)
    {
        var isTerminal = ReferenceEquals(output, System.Console.Out) && !System.Console.IsOutputRedirected;
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
        });
        console.Profile.Width = isTerminal ? console.Profile.Width : 1000;
        return console;
    }
}
