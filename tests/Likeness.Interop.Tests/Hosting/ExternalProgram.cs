using System.Diagnostics;
using System.Text;

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

    /// <summary>Begins what says line by line how far it is.</summary>
    public static Telling Begin(string program, params string[] arguments) => new(Process.Start(Quiet(program, arguments))!);

    /// <summary>Runs what has to succeed.</summary>
    public static async Task Do(string program, params string[] arguments)
    {
        var ran = await Run(program, arguments);
        ran.Code.ShouldBe(0, $"{program} {string.Join(' ', arguments)}\n{ran.Shown}");
    }

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

/// <summary>A program that says line by line how far it is; ended with this.</summary>
internal sealed class Telling : IAsyncDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);
    private readonly Process _process;
    private readonly Task<string> _error;
    private readonly StringBuilder _said = new();

    public Telling(Process process)
    {
        _process = process;
        process.StandardInput.Close();
        _error = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Waits for this line.</summary>
    public async Task Until(string line)
    {
        using var late = new CancellationTokenSource(Timeout);
        while (await _process.StandardOutput.ReadLineAsync(late.Token) is { } said)
        {
            _said.AppendLine(said);
            if (said == line)
            {
                return;
            }
        }

        Assert.Fail($"It ended and did not say: {line}\n{_said}\n{await _error}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}

/// <summary>How a program ended and what it said.</summary>
internal sealed record Ran(int Code, string Output, string Error)
{
    public IReadOnlyList<string> Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Everything there is to see when something went wrong.</summary>
    public string Shown => $"exit code {Code}\n{Output}\n{Error}";
}
