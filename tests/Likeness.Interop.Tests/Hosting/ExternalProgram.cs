using System.Diagnostics;

namespace Likeness.Interop.Tests.Hosting;

/// <summary>Runs programs to their end: the likeness program itself, and others.</summary>
internal static class ExternalProgram
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    /// <summary>How the likeness program that was built with these tests is started.</summary>
    public static ProcessStartInfo StartInfo(params string[] arguments) => Quiet(Path.Combine(AppContext.BaseDirectory, "Likeness.Cli"), arguments);

    /// <summary>A command of the likeness program, against the data directory of a server that runs or does not.</summary>
    public static Task<Ran> Likeness(string data, params string[] arguments) => Finish(StartInfo([.. arguments, "--data", data]));

    public static Task<Ran> Run(string program, params string[] arguments) => Finish(Quiet(program, arguments));

    private static ProcessStartInfo Quiet(string program, string[] arguments) => new(program, arguments)
    {
        UseShellExecute = false,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    };

    private static async Task<Ran> Finish(ProcessStartInfo start)
    {
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var timeout = new CancellationTokenSource(Timeout);
        try
        {
            await process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
        }

        return new Ran(process.HasExited ? process.ExitCode : -1, await output, await error);
    }
}

/// <summary>How a program ended and what it said.</summary>
internal sealed record Ran(int Code, string Output, string Error)
{
    public IReadOnlyList<string> Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Everything there is to see when something went wrong.</summary>
    public string Shown => $"exit code {Code}\n{Output}\n{Error}";
}
