using System.Diagnostics;
using System.Runtime.InteropServices;
using Likeness.Imaging;
using Likeness.Imaging.Workers;

namespace Likeness.Bench.Imaging;

/// <summary>The pool as the server uses it: pipes, limits and all.</summary>
internal sealed partial class OurPool(int workers) : IAsyncDisposable
{
    // CPUCLOCK_SCHED of Linux: the low bits of a clock of another process.
    private const int PrecisePerProcess = 2;

    private readonly WorkerPool _pool = new(new WorkerPoolOptions
    {
        Command = new WorkerCommand(Environment.ProcessPath!, "render-worker"),
        MaxWorkers = workers,
    });

    public Task<RenderedImage> Render(Case @case) => _pool.Render(@case.Request, CancellationToken.None);

    /// <summary>With every worker busy.</summary>
    public async Task<Speed> Measure(Case @case, TimeSpan time)
    {
        await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => Render(@case)));
        var processor = ProcessorTime();
        var clock = Stopwatch.StartNew();
        var counts = await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => Repeat(@case, clock, time)));
        var images = counts.Sum();
        return new Speed(images / clock.Elapsed.TotalSeconds, (ProcessorTime() - processor).TotalMilliseconds / images);
    }

    public ValueTask DisposeAsync() => _pool.DisposeAsync();

    private async Task<int> Repeat(Case @case, Stopwatch clock, TimeSpan time)
    {
        var images = 0;
        do
        {
            await Render(@case);
            images++;
        }
        while (clock.Elapsed < time);

        return images;
    }

    private TimeSpan ProcessorTime() => TimeSpan.FromTicks(_pool.Workers.Sum(ProcessorTicks));

    // What the C program reads of itself: the process' own clock, to the nanosecond. .NET reads /proc, whose clock ticks every 10 ms.
    private static long ProcessorTicks(int process)
    {
        var clock = (~process << 3) | PrecisePerProcess;
        return ReadClock(clock, out var time) == 0
            ? (time.Seconds * TimeSpan.TicksPerSecond) + (time.Nanoseconds / TimeSpan.NanosecondsPerTick)
            : throw new InvalidOperationException($"The processor time of process {process} cannot be read.");
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ReadClock(int clock, out TimeSpec time);

    private readonly record struct TimeSpec(long Seconds, long Nanoseconds);
}
