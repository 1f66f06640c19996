using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;

namespace Likeness.Interop.Tests.Hosting;

/// <summary>The real program, serving in a process of its own.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly StringBuilder _log = new();
    private readonly TaskCompletionSource<string> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerProcess(string data, Process process)
    {
        (Data, _process) = (data, process);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) => _ready.TrySetException(new InvalidOperationException($"The server ended: {Log}"));
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
    }

    public string Data { get; }

    public int Id => _process.Id;

    public bool IsRunning => !_process.HasExited;

    public IPEndPoint Http { get; private set; } = new(IPAddress.Loopback, 0);

    public IPEndPoint Xmpp { get; private set; } = new(IPAddress.Loopback, 0);

    /// <summary>What it wrote so far.</summary>
    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    /// <summary>The most physical memory that the server itself has had so far, in bytes; its workers not included.</summary>
    public long PeakMemory
    {
        get
        {
            _process.Refresh();
            return _process.PeakWorkingSet64;
        }
    }

    /// <summary>The most physical memory that a worker which still runs has had so far, in bytes.</summary>
    public long PeakMemoryOfWorkers => Workers.Select(worker => Of(worker, process => process.PeakWorkingSet64)).Append(0).Max();

    /// <summary>The most processor time that a worker which still runs has used so far.</summary>
    public TimeSpan MostWorkOfWorkers => Workers.Select(worker => Of(worker, process => process.TotalProcessorTime)).Append(TimeSpan.Zero).Max();

    /// <summary>Ids of the processes that the server started and that still run.</summary>
    public IReadOnlyCollection<int> Workers =>
        [.. Directory.GetDirectories($"/proc/{Id}/task").SelectMany(ChildrenOf).Distinct()];

    /// <summary>Serves the domain <c>localhost</c> from this data directory; completes when it accepts connections.</summary>
    /// <param name="more">More of what the command takes.</param>
    public static async Task<ServerProcess> Start(string data, params string[] more)
    {
        string[] arguments = ["serve", "--data", data, "--domain", "localhost", "--http", "127.0.0.1:0", .. more.Contains("--xmpp") ? (string[])[] : ["--xmpp", "127.0.0.1:0"], .. more];
        var server = new ServerProcess(data, Process.Start(ExternalProgram.StartInfo(arguments))!);
        await server.BecomeReady();
        return server;
    }

    /// <summary>Ends it at once: no handler runs.</summary>
    public async Task Kill()
    {
        _process.Kill();
        await _process.WaitForExitAsync(new CancellationTokenSource(Timeout).Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (IsRunning)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static IEnumerable<int> ChildrenOf(string thread)
    {
        try
        {
            return [.. File.ReadAllText(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Parse)];
        }
        catch (IOException)
        {
            // The thread has ended since; its children were handed to another one.
            return [];
        }
    }

    private static T Of<T>(int worker, Func<Process, T> read)
        where T : struct
    {
        try
        {
            using var process = Process.GetProcessById(worker);
            return read(process);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            // It has ended.
            return default;
        }
    }

    private static int Parse(string id) => int.Parse(id, CultureInfo.InvariantCulture);

    private void Keep(string? line)
    {
        lock (_log)
        {
            _log.AppendLine(line);
        }

        if (line?.StartsWith("ready ", StringComparison.Ordinal) == true)
        {
            _ready.TrySetResult(line);
        }
    }

    private async Task BecomeReady()
    {
        var line = await _ready.Task.WaitAsync(Timeout);
        var addresses = line["ready ".Length..].Split(' ').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => IPEndPoint.Parse(pair[1]));
        (Http, Xmpp) = (addresses["http"], addresses.GetValueOrDefault("xmpp") ?? Xmpp);
    }
}
