namespace Likeness.Imaging.Workers;

/// <summary>The program a worker is: a file and its arguments; it must call <see cref="RenderWorker.Run(Stream, Stream)"/> with its standard input and output.</summary>
public sealed record WorkerCommand(string FileName, params IReadOnlyList<string> Arguments);

/// <summary>How many workers there may be and what one may use.</summary>
public sealed record WorkerPoolOptions
{
    public required WorkerCommand Command { get; init; }

    /// <summary>Another libvips than the one that comes along: <c>system</c>, or a file.</summary>
    public string? Libvips { get; init; }

    public ImageLimits Limits { get; init; } = ImageLimits.Default;

    /// <summary>Workers at the same moment; each renders one picture at a time on one thread.</summary>
    public int MaxWorkers { get; init; } = Environment.ProcessorCount;

    /// <summary>Requests that may wait for a worker; one more is told that rendering is unavailable.</summary>
    public int MaxWaiting { get; init; } = 256;

    /// <summary>How long a worker stays without work.</summary>
    public TimeSpan IdleTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Wall clock for one request, the worker's start included; then it is killed.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Processor time for one request.</summary>
    public TimeSpan ProcessorTimeLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Bytes of private memory a worker may have, its runtime included (RLIMIT_DATA).</summary>
    public long MemoryLimit { get; init; } = 512L * 1024 * 1024;
}
