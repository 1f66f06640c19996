namespace Likeness.Imaging.Workers;

/// <summary>The program a worker is: a file and its arguments; it must call <see cref="RenderWorker.Run"/>.</summary>
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

    /// <summary>Processor time of a worker's whole life, which it cannot raise itself; it is replaced before that.</summary>
    public TimeSpan ProcessorTimeOfLife { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Bytes of private memory a worker may have, its runtime included (RLIMIT_DATA): what decoding the largest picture needs, and the largest file besides.</summary>
    public long MemoryLimit { get => field > 0 ? field : (448 * Mebibyte) + ManagedMemory; init; }

    /// <summary>Called once with what of the workers' confinement could not be had.</summary>
    public Action<string>? OnUnconfined { get; init; }

    /// <summary>Bytes for the managed part: a picture as it came, once more with its end or while the buffer grows, and the answer.</summary>
    internal long ManagedMemory => (32 * Mebibyte) + (3 * Math.Max(Limits.LargestFile, 10 * Mebibyte));

    private const long Mebibyte = 1024 * 1024;
}
