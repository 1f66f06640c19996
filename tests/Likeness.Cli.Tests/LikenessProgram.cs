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
}

internal sealed record Ran(int Code, string Output, string Error)
{
    public IEnumerable<string> ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
