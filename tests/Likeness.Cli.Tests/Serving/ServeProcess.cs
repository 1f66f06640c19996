using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Likeness.Cli.Commands;

namespace Likeness.Cli.Tests.Serving;

/// <summary>The real program, serving in a process of its own.</summary>
internal sealed class ServeProcess : IDisposable
{
    private readonly TaskCompletionSource<string> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _error = new();

    private ServeProcess(Process program)
    {
        Program = program;
        program.OutputDataReceived += (_, line) => Take(line.Data);
        program.ErrorDataReceived += (_, line) => _error.Enqueue(line.Data ?? "");
        program.EnableRaisingEvents = true;
        program.Exited += (_, _) => _ready.TrySetException(new InvalidOperationException($"It ended: {string.Join('\n', _error)}"));
        program.BeginOutputReadLine();
        program.BeginErrorReadLine();
    }

    public Process Program { get; }

    public IEnumerable<string> Output => _output;

    public IEnumerable<string> Error => _error.Where(line => line.Length > 0);

    /// <summary>Makes a shell's command run without what root may do beyond others; for others nothing has to be done.</summary>
    public static string WithoutRights => Environment.IsPrivilegedProcess ? "setpriv --bounding-set -all --inh-caps -all" : "";

    /// <param name="shell">What a shell does before it becomes the program; with <c>"$0" "$@"</c> in it, the whole of what it does.</param>
    public static ServeProcess Start(string? shell, params string[] arguments)
    {
        var command = RenderWorkerCommand.OwnCommand();
        string[] words = [command.FileName, .. command.Arguments.SkipLast(1), .. arguments];
        string[] run = shell is null ? words : ["/bin/sh", "-c", shell.Contains("$@", StringComparison.Ordinal) ? shell : $"{shell} exec \"$0\" \"$@\"", .. words];
        return new ServeProcess(Process.Start(new ProcessStartInfo(run[0], run[1..])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!);
    }

    /// <summary>The line that says it; its log goes on after it and may have begun before.</summary>
    public Task<string> ReadyLine() => _ready.Task.WaitAsync(TimeSpan.FromSeconds(30));

    public async Task<Dictionary<string, string>> Ready()
    {
        var line = await ReadyLine();
        return line["ready ".Length..].Split(' ').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
    }

    /// <summary>Waits for the program's end, and for all that it wrote. Returns its exit code.</summary>
    public async Task<int> End()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await Program.WaitForExitAsync(timeout.Token);
        return Program.ExitCode;
    }

    public async Task<int> Terminate()
    {
        using (var kill = Process.Start("kill", ["-TERM", Program.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync();
        }

        return await End().WaitAsync(TimeSpan.FromSeconds(5));
    }

    public void Dispose()
    {
        if (!Program.HasExited)
        {
            Program.Kill(entireProcessTree: true);
        }

        Program.Dispose();
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            return;
        }

        _output.Enqueue(line);
        if (line.StartsWith("ready ", StringComparison.Ordinal) || line.Contains("\"ready ", StringComparison.Ordinal))
        {
            _ready.TrySetResult(line);
        }
    }
}
