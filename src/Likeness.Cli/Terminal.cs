using Spectre.Console;

namespace Likeness.Cli;

/// <summary>What a command reads from and writes to.</summary>
/// <param name="Interactive">A person sits there and can be asked.</param>
public sealed record Terminal(TextReader In, TextWriter Out, TextWriter Error, bool Interactive)
{
    /// <summary>Styled output; plain text with lines as long as they are where <see cref="Out"/> is no terminal.</summary>
    public IAnsiConsole Console { get; } = StyledOutput(Out);

    /// <summary>Colours are understood and wanted: by a terminal that is no <c>dumb</c> one, unless <c>NO_COLOR</c> says no.</summary>
    public bool Colours { get; init; } = IsScreen(Out) && WantsColours(Environment.GetEnvironmentVariable("NO_COLOR"), Environment.GetEnvironmentVariable("TERM"));

    /// <summary>Asks for something that nobody is to see, at a terminal.</summary>
    public Func<IAnsiConsole, string, CancellationToken, Task<string>> Secret { get; init; } =
        (console, question, cancellationToken) => new TextPrompt<string>(question).Secret().ShowAsync(console, cancellationToken);

    /// <summary>Asks the person at the terminal; an empty answer where nothing comes any more.</summary>
    public async Task<string> Ask(string question, CancellationToken cancellationToken)
    {
        await Out.WriteAsync($"{question} ".AsMemory(), cancellationToken);
        await Out.FlushAsync(cancellationToken);
        return (await In.ReadLineAsync(cancellationToken) ?? "").Trim();
    }

    public static bool WantsColours(string? noColor, string? term) => string.IsNullOrEmpty(noColor) && term != "dumb";

    public static Terminal OfProcess() =>
        new(System.Console.In, System.Console.Out, System.Console.Error, Interactive: !System.Console.IsInputRedirected && !System.Console.IsOutputRedirected);

    private static bool IsScreen(TextWriter output) => ReferenceEquals(output, System.Console.Out) && !System.Console.IsOutputRedirected;

    private static IAnsiConsole StyledOutput(TextWriter output)
    {
        var isTerminal = IsScreen(output);
        var colours = isTerminal && WantsColours(Environment.GetEnvironmentVariable("NO_COLOR"), Environment.GetEnvironmentVariable("TERM"));
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = colours ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = colours ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
        });
        console.Profile.Width = isTerminal ? console.Profile.Width : 1000;
        return console;
    }
}
