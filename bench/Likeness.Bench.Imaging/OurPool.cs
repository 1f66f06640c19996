using System.Diagnostics;
using Likeness.Imaging;
using Likeness.Imaging.Workers;

namespace Likeness.Bench.Imaging;

/// <summary>The pool as the server uses it: pipes, limits and all.</summary>
internal sealed class OurPool(int workers) : IAsyncDisposable
{
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

    private TimeSpan ProcessorTime() => _pool.Workers.Aggregate(
        TimeSpan.Zero,
        (sum, id) =>
        {
            using var worker = Process.GetProcessById(id);
            return sum + worker.TotalProcessorTime;
        });
}
