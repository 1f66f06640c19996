using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Likeness.Bench.Xmpp.Servers;

/// <summary>A server that accepts connections: one that we started and end, or one that somebody else runs.</summary>
sealed class RunningServer : IAsyncDisposable
{
    static readonly TimeSpan startLimit = TimeSpan.FromSeconds(60);
    static readonly TimeSpan stopLimit = TimeSpan.FromSeconds(20);

    readonly Process? process;
    readonly int? pid;
    readonly string? logFile;

    RunningServer(EndPoint address, Process? process, int? pid, string? logFile) =>
        (Address, this.process, this.pid, this.logFile) = (address, process, pid, logFile);

    public EndPoint Address { get; }

    /// <summary>Its web side; null: none that is known.</summary>
    public Uri? Web { get; private init; }

    /// <summary>Resident kilobytes and CPU seconds of all its processes; zeros when nobody told us its pid.</summary>
    public (long ResidentKilobytes, double CpuSeconds) Usage => pid is { } root ? ProcessTree.Usage(root) : (0, 0);

    /// <summary>Open files and sockets of all its processes.</summary>
    public int Handles => pid is { } root ? ProcessTree.Handles(root) : 0;

    /// <summary>The last lines that the server wrote.</summary>
    public string LogTail => logFile is not null && File.Exists(logFile) ? string.Join('\n', File.ReadLines(logFile).Where(line => line.Contains("error", StringComparison.OrdinalIgnoreCase) || line.Contains("warn", StringComparison.OrdinalIgnoreCase) || line.Contains("exception", StringComparison.OrdinalIgnoreCase)).TakeLast(12)) : "";

    public static RunningServer Attach(EndPoint address, int? pid) => new(address, null, pid, null);

    /// <summary>Starts <paramref name="command"/> in a shell with its output in <c>output.log</c> and waits until the port answers.</summary>
    public static async Task<RunningServer> Start(ServerCommand command)
    {
        var log = Path.Combine(command.Directory, "output.log");
        var start = new ProcessStartInfo("/bin/bash") { WorkingDirectory = command.Directory, UseShellExecute = false };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add($"exec {command.Line} > '{log}' 2>&1 < /dev/null");
        // The driver's own runtime switches are not the server's.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("DOTNET_SYSTEM_NET_SOCKETS", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in command.Environment)
            start.Environment[name] = value;
        var started = Process.Start(start)!;
        var server = new RunningServer(new IPEndPoint(IPAddress.Loopback, command.Port), started, started.Id, log)
        {
            Web = command.WebPort == 0 ? null : new Uri($"http://127.0.0.1:{command.WebPort}/"),
        };
        try
        {
            await server.WaitUntilItAnswers();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (process is null)
            return;
        var members = ProcessTree.Members(process.Id);
        try
        {
            if (!process.HasExited)
                Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]).Dispose();
            await process.WaitForExitAsync().WaitAsync(stopLimit);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }

        // A launcher may leave helpers of its own behind.
        foreach (var left in members.Skip(1).Where(left => Directory.Exists($"/proc/{left}")))
            Process.Start("kill", ["-KILL", left.ToString(CultureInfo.InvariantCulture)]).Dispose();
        process.Dispose();
    }

    async Task WaitUntilItAnswers()
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            if (process!.HasExited)
                throw new InvalidOperationException($"the server ended at once (exit code {process.ExitCode}):\n{LogTail}");
            try
            {
                using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                await probe.ConnectAsync(Address);
                return;
            }
            catch (SocketException) when (clock.Elapsed < startLimit)
            {
                await Task.Delay(100);
            }
        }
    }
}
