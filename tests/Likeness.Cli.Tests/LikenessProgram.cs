namespace Likeness.Cli.Tests;

/// <summary>Runs a command in this process.</summary>
internal static class LikenessProgram
{
    public static Task<Ran> Run(params string[] arguments) => RunWithInput("", arguments);

    public static async Task<Ran> RunWithInput(string input, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandLine.Run(arguments, new Terminal(new StringReader(input), output, error, Interactive: false), CancellationToken.None);
        return new Ran(code, output.ToString(), error.ToString());
    }

    /// <summary>With a person at the terminal who types these lines, and these words where nothing is shown.</summary>
    public static async Task<Ran> RunAtTerminal(string[] typed, string[] secrets, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var hidden = new Queue<string>(secrets);
        var terminal = new Terminal(new StringReader(string.Join('\n', typed)), output, error, Interactive: true)
        {
            Secret = (_, question, _) =>
            {
                output.WriteLine(question);
                return Task.FromResult(hidden.Dequeue());
            },
        };
        var code = await CommandLine.Run(arguments, terminal, CancellationToken.None);
        hidden.ShouldBeEmpty();
        return new Ran(code, output.ToString(), error.ToString());
    }
}

internal sealed record Ran(int Code, string Output, string Error)
{
    public IEnumerable<string> ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
