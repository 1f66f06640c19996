using System.Collections.Concurrent;
using Likeness.Http.Renditions;
using Likeness.Http.Resolving;
using Likeness.Limits;

namespace Likeness.Http.Foreign;

/// <summary>
/// What other servers have, remembered; each picture is asked for once at a time, and no more than so many at once.
/// It has memory of its own, so that made-up hashes push out nobody's picture.
/// </summary>
/// <param name="memory">Bytes of pictures.</param>
/// <param name="maxFetches">Fetches at a moment; who comes then is told that it has failed.</param>
internal sealed class ForeignPictures(long memory, int maxFetches, RenderQueue queue, HttpClock clock) : IDisposable
{
    private const int MaxMisses = 50_000;

    private readonly SemaphoreSlim _slots = new(maxFetches);
    private readonly GenerationCache<RenditionKey, ForeignFinding> _hits = new(memory, finding => finding.Weight);
    private readonly GenerationCache<string, ForeignFinding> _misses = new(MaxMisses, _ => 1);
    private readonly ConcurrentDictionary<RenditionKey, Lazy<Task<ForeignFinding>>> _flights = new();

    private ForeignFinding Busy => new(null, default, HasFailed: true, clock.Seconds);

    public void Dispose() => _slots.Dispose();

    /// <summary>Throws <see cref="TooManyRendersException"/> when the client has had its share of new pictures.</summary>
    /// <param name="whose">The same for all sizes and formats: for whom there is nothing, there is nothing in any.</param>
    /// <param name="ask">Fetches and renders; must not heed the asker's cancellation, others may be waiting for the same picture.</param>
    public async ValueTask<ForeignFinding> Find(RenditionKey key, string whose, ClientKey? client, Func<Task<ForeignFinding>> ask, CancellationToken cancellationToken)
    {
        if ((_hits.TryGet(key, out var known) || _misses.TryGet(whose, out known)) && clock.Seconds < known.Until)
        {
            return known;
        }

        queue.Charge(client);
        var flight = _flights.GetOrAdd(key, _ => new Lazy<Task<ForeignFinding>>(() => Fly(key, whose, ask)));
        return await flight.Value.WaitAsync(cancellationToken);
    }

    private async Task<ForeignFinding> Fly(RenditionKey key, string whose, Func<Task<ForeignFinding>> ask)
    {
        if (!await _slots.WaitAsync(TimeSpan.Zero))
        {
            _flights.TryRemove(key, out _);
            return Busy;
        }

        try
        {
            var finding = await ask();
            if (finding.Rendition is not null)
            {
                _hits.Set(key, finding);
            }
            else
            {
                _misses.Set(whose, finding);
            }

            return finding;
        }
        finally
        {
            _slots.Release();
            _flights.TryRemove(key, out _);
        }
    }
}
