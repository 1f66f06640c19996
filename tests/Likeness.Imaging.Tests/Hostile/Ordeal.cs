using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Likeness.Imaging.Tests.Hostile.Corpus;
using Likeness.Imaging.Tests.Support;
using Likeness.Imaging.Workers;

namespace Likeness.Imaging.Tests.Hostile;

/// <summary>Counts the children of this process, so no other test may have workers meanwhile.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

/// <summary>Sends files through the gate and real workers, counts how each ends, and watches the workers meanwhile: their number, their time and their memory.</summary>
internal sealed class Ordeal : IAsyncDisposable
{
    public const int Turns = 5;

    /// <summary>Longer than the pool's own limit: who waits this long waits for a worker that hangs.</summary>
    private static readonly TimeSpan Timeout = FaultyWorker.Options.TimeLimit + TimeSpan.FromSeconds(15);

    private readonly ImageGate _gate = new(ImageLimits.Default);
    private readonly WorkerPoolOptions _options;
    private readonly WorkerPool _pool;
    private readonly long _endedBefore = PeakMemory.OfLargestEndedChild();
    private readonly long _ownBefore;
    private readonly int[] _childrenBefore = Children();
    private readonly ConcurrentDictionary<string, int> _outcomes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<int, long> _peaks = new();

    public Ordeal(int workers = 1)
    {
        _options = FaultyWorker.Options with { MaxWorkers = workers };
        _pool = new WorkerPool(_options);
        PeakMemory.Restart();
        _ownBefore = PeakMemory.OfThisProcess;
    }

    /// <summary>How often each end was met.</summary>
    public IReadOnlyDictionary<string, int> Outcomes => _outcomes;

    /// <summary>Bytes by which this process has grown at its highest.</summary>
    public long Growth => PeakMemory.OfThisProcess - _ownBefore;

    /// <summary>Workers there have been.</summary>
    public int Workers => _peaks.Count;

    /// <summary>The gate alone; null when it lets the file through.</summary>
    public RefusalReason? Inspect(ReadOnlyMemory<byte> file)
    {
        try
        {
            _gate.Inspect(file.Span);
            return null;
        }
        catch (ImageRefusedException refusal)
        {
            Count($"gate: {refusal.Reason}");
            return refusal.Reason;
        }
    }

    /// <summary>Gate and worker; anything that is neither a picture nor a refusal throws.</summary>
    /// <param name="name">What to say when it goes wrong.</param>
    public async Task<(Fate Fate, RefusalReason? Reason)> Meet(string name, RenderRequest request)
    {
        if (Inspect(request.Source) is { } reason)
        {
            return (Fate.StopsAtTheGate, reason);
        }

        try
        {
            var rendered = await _pool.Render(request, CancellationToken.None).WaitAsync(Timeout);
            ImageGate.TryIdentify(rendered.Bytes.Span, out var header).ShouldBeTrue(name);
            header.ShouldNotBeNull().Width.ShouldBe(rendered.Width, name);
            Count("rendered");
            return (Fate.Rendered, null);
        }
        catch (ImageRefusedException refusal)
        {
            refusal.Message.ShouldNotBeNullOrWhiteSpace(name);
            Count($"worker: {refusal.Reason}");
            return (Fate.StopsAtTheWorker, refusal.Reason);
        }
        catch (Exception exception) when (exception is not ShouldAssertException)
        {
            throw new InvalidOperationException($"{name} ended in {exception.GetType().Name}: {exception.Message}", exception);
        }
        finally
        {
            Watch(name);
        }
    }

    /// <summary>Every way of rendering, by turns.</summary>
    public static RenderRequest Request(ReadOnlyMemory<byte> file, int turn) => (turn % Turns) switch
    {
        0 => RenderRequest.Photo(file, 80),
        1 => RenderRequest.Photo(file, 64, ImageFormat.WebP),
        2 => RenderRequest.Master(file),
        3 => RenderRequest.InBand(file),
        _ => RenderRequest.Photo(file, 48, ImageFormat.Gif),
    };

    /// <summary>After the last file: a worker still renders, none is left over, and nobody has had more memory than allowed.</summary>
    public async Task End()
    {
        (await _pool.Render(RenderRequest.Photo(TestPictures.Jpeg(64, 64), 80), CancellationToken.None)).Width.ShouldBe(80);
        await _pool.DisposeAsync();
        Children().Except(_childrenBefore).ShouldBeEmpty("workers are left over");
        _peaks.Values.Append(0).Max().ShouldBeLessThan(_options.MemoryLimit);

        // A child begins with its parent's peak, so a parent that was larger hides what an ended worker had.
        PeakMemory.OfLargestEndedChild().ShouldBeLessThan(new[] { _options.MemoryLimit, _endedBefore + 1, PeakMemory.OfThisProcess + 1 }.Max());
    }

    public string Summary()
    {
        var text = new StringBuilder();
        foreach (var (outcome, count) in _outcomes.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"{outcome} {count}; ");
        }

        return text.Append(CultureInfo.InvariantCulture, $"{Workers} workers, the largest {Mebibytes(_peaks.Values.Append(0).Max())} MiB, ended ones at most {Mebibytes(PeakMemory.OfLargestEndedChild())} MiB; this process {Mebibytes(PeakMemory.OfThisProcess)} MiB").ToString();
    }

    public ValueTask DisposeAsync() => _pool.DisposeAsync();

    private static long Mebibytes(long bytes) => bytes / (1024 * 1024);

    private static int[] Children() =>
    [
        .. Directory.GetDirectories("/proc/self/task")
            .SelectMany(thread => File.ReadAllText(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(id => int.Parse(id, CultureInfo.InvariantCulture)),
    ];

    private void Count(string outcome) => _outcomes.AddOrUpdate(outcome, 1, (_, count) => count + 1);

    private void Watch(string name)
    {
        var workers = _pool.Workers;
        workers.Count.ShouldBeLessThanOrEqualTo(_options.MaxWorkers, name);
        foreach (var worker in workers)
        {
            var peak = PeakMemory.Of(worker);
            _peaks.AddOrUpdate(worker, peak, (_, before) => Math.Max(before, peak));
            peak.ShouldBeLessThan(_options.MemoryLimit, name);
        }
    }
}
