using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Likeness.Imaging.Workers;

/// <summary>A worker that was gone before it got the request, was killed by somebody else while it worked, or had too little memory left by the pictures before: this picture is not to blame.</summary>
internal sealed class WorkerGoneException(Exception? innerException) : Exception("The render worker was gone.", innerException);

/// <summary>One limited child process and the pipes to it. Asked by one caller at a time.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private const int LargestReply = 64 * 1024 * 1024;
    private const int KilledForProcessorTime = 128 + 24;

    /// <summary>Ended by a person or the machine: hang-up, interrupt, quit, kill (when memory runs out), terminate (the whole service is stopped).</summary>
    private static readonly int[] EndedByOthers = [128 + 1, 128 + 2, 128 + 3, 128 + 9, 128 + 15];

    private static readonly TimeSpan TimeToDie = TimeSpan.FromSeconds(1);

    /// <summary>Of the server's environment only this reaches a worker: what may hold a secret does not.</summary>
    private static readonly string[] Inherited = ["PATH", "HOME", "LANG", "DOTNET_ROOT", "DOTNET_ROOT_X64", "DOTNET_ROOT_ARM64", "LD_LIBRARY_PATH", "TMPDIR"];

    private readonly Process _process;
    private readonly Stream _input;
    private readonly Stream _output;
    private readonly byte[] _head = new byte[ReplyHead.Bytes];
    private readonly WorkerPoolOptions _options;
    private bool _ready;
    private bool _used;
    private volatile bool _killedByUs;

    private WorkerProcess(Process process, WorkerPoolOptions options)
    {
        _options = options;
        _process = process;
        Id = process.Id;
        _input = process.StandardInput.BaseStream;
        _output = process.StandardOutput.BaseStream;
        PipeCapacity.Raise(_input);
    }

    public int Id { get; }

    public bool HasExited => _process.HasExited;

    /// <summary>What of its confinement could not be had; known when it has answered once.</summary>
    public string Unconfined { get; private set; } = "";

    /// <summary>True when one more picture might reach the limit of its life.</summary>
    public bool IsOld()
    {
        try
        {
            return _process.TotalProcessorTime + (2 * _options.ProcessorTimeLimit) > _options.ProcessorTimeOfLife;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }

    /// <summary>Timestamp of the moment it became idle.</summary>
    public long IdleSince { get; set; }

    /// <exception cref="RenderUnavailableException">The program cannot be started or limited.</exception>
    public static WorkerProcess Start(WorkerPoolOptions options)
    {
        var start = new ProcessStartInfo(options.Command.FileName, options.Command.Arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        Surround(start.Environment, options);
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Exception exception) when (exception is Win32Exception or InvalidOperationException)
        {
            throw new RenderUnavailableException($"The render worker '{options.Command.FileName}' does not start: {exception.Message}", exception);
        }

        return new WorkerProcess(process, options);
    }

    /// <exception cref="WorkerGoneException">It had ended before, somebody else killed it, or it lacks memory and is not new.</exception>
    /// <exception cref="ImageRefusedException">The worker says so, or ended while it worked.</exception>
    public async Task<RenderedImage> Ask(RenderRequest request)
    {
        await Send(request);
        var (head, bytes) = await Hear(exception => Ended(exception));
        var isTired = _used && (head.Kind, (RefusalReason)head.Detail) is (ReplyKind.Refused, RefusalReason.TooCostly);
        _used = true;
        return head.Kind switch
        {
            _ when isTired => throw new WorkerGoneException(null),
            ReplyKind.Rendered => new RenderedImage(bytes, (ImageFormat)head.Detail, head.Width, head.Height),
            ReplyKind.Refused => throw new ImageRefusedException((RefusalReason)head.Detail, Encoding.UTF8.GetString(bytes)),
            _ => throw Ended(null),
        };
    }

    public void Kill()
    {
        _killedByUs = true;
        try
        {
            _process.Kill();
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception)
        {
            // It has ended by itself.
        }
    }

    /// <summary>True when the machine keeps it from working: it is stopped, or wants a processor and gets none. A worker that sleeps hangs by its own fault.</summary>
    public bool IsHeldUp()
    {
        // One look may catch a worker on its way to sleep.
        for (var look = 0; look < 5; look++)
        {
            if (State() is not ('T' or 't' or 'R' or 'D'))
            {
                return false;
            }

            SpinWait.SpinUntil(() => false, TimeSpan.FromMilliseconds(5));
        }

        return true;
    }

    private char State()
    {
        try
        {
            // proc(5): the state follows the name, which may hold anything, in parentheses.
            var status = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{Id}/stat"));
            return status[status.LastIndexOf(')') + 2];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or IndexOutOfRangeException)
        {
            return default;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task Send(RenderRequest request)
    {
        try
        {
            if (!_ready)
            {
                await Greet();
            }

            ProcessLimits.LimitProcessorTime(Id, _process.TotalProcessorTime + _options.ProcessorTimeLimit);
            var head = new byte[RequestHead.Bytes];
            RequestHead.Of(request).Write(head);
            await _input.WriteAsync(head);
            await _input.WriteAsync(request.Source);
            await _input.FlushAsync();
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException)
        {
            throw new WorkerGoneException(exception);
        }
    }

    /// <summary>Its runtime starts unconfined (it needs files of its own for that); no byte of a picture is there yet.</summary>
    private async Task Greet()
    {
        var (greeting, text) = await Hear(exception => new RenderUnavailableException("The render worker ended while it started.", exception));
        if (greeting.Kind != ReplyKind.Ready)
        {
            throw new RenderUnavailableException(Encoding.UTF8.GetString(text));
        }

        ProcessLimits.Confine(Id, _options.MemoryLimit, _options.ProcessorTimeOfLife);
        Unconfined = Encoding.UTF8.GetString(text);
        _ready = true;
    }

    private async Task<(ReplyHead Head, byte[] Bytes)> Hear(Func<Exception?, Exception> ended)
    {
        try
        {
            await _output.ReadExactlyAsync(_head);
            var head = ReplyHead.Read(_head);
            if (head.Length is < 0 or > LargestReply)
            {
                throw ended(null);
            }

            var bytes = GC.AllocateUninitializedArray<byte>(head.Length);
            await _output.ReadExactlyAsync(bytes);
            return (head, bytes);
        }
        catch (IOException exception)
        {
            throw ended(exception);
        }
    }

    private Exception Ended(Exception? exception)
    {
        // A closed pipe is the first sign of a death; what killed it is known a moment later.
        if (exception is null || !_process.WaitForExit(TimeToDie))
        {
            Kill();
            _process.WaitForExit();
        }

        return _process.ExitCode switch
        {
            KilledForProcessorTime => new ImageRefusedException(RefusalReason.TooCostly, "The picture needs more time than one picture may take.", exception),
            var code when !_killedByUs && EndedByOthers.Contains(code) => new WorkerGoneException(exception),
            _ => new ImageRefusedException(RefusalReason.StoppedRenderer, "The picture stopped the renderer that worked on it.", exception),
        };
    }

    private static void Surround(IDictionary<string, string?> environment, WorkerPoolOptions options)
    {
        var kept = Inherited.Select(name => (name, environment.TryGetValue(name, out var value) ? value : null)).Where(pair => pair.Item2 is not null).ToArray();
        environment.Clear();
        foreach (var (name, value) in kept)
        {
            environment[name] = value;
        }

        // A small runtime beside libvips: little heap, no helper threads, no debugger's door.
        environment["DOTNET_GCHeapHardLimit"] = $"0x{options.ManagedMemory:x}";
        environment["DOTNET_gcServer"] = "0";
        environment["DOTNET_gcConcurrent"] = "0";
        environment["DOTNET_EnableDiagnostics"] = "0";
        environment["DOTNET_TieredPGO"] = "0";
        environment["MALLOC_ARENA_MAX"] = "2";
        if (options.Libvips is not null)
        {
            environment[VipsLibrary.Variable] = options.Libvips;
        }
    }
}
