using Spectre.Console;

namespace Likeness.Cli;

/// <summary>What a command reads from and writes to.</summary>
/// <param name="Interactive">A person sits there and can be asked.</param>
public sealed record Terminal(TextReader In, TextWriter Out, TextWriter Error, bool Interactive)
{
    /// <summary>Styled output; plain text where <see cref="Out"/> is no terminal.</summary>
    public IAnsiConsole Console { get; init; } = AnsiConsole.Create(new AnsiConsoleSettings
    {
        Out = new AnsiConsoleOutput(Out),
        Ansi = ReferenceEquals(Out, System.Console.Out) && !System.Console.IsOutputRedirected ? AnsiSupport.Detect : AnsiSupport.No,
    });

    public static Terminal OfProcess() =>
        new(System.Console.In, System.Console.Out, System.Console.Error, Interactive: !System.Console.IsInputRedirected && !System.Console.IsOutputRedirected);
}
