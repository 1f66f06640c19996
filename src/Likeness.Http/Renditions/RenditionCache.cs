using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Likeness.Http.Renditions;

/// <summary>
/// Renditions in memory over a folder, one render per key at a time. Faces live in a part of their own, so that a
/// flood of made-up hashes cannot push out people's pictures, and never on disk: they are cheaper to draw than to keep.
/// </summary>
internal sealed class RenditionCache(AvatarOptions options, RenditionFolder folder)
{
    private const int Overhead = 256;
    private readonly GenerationCache<RenditionKey, Rendition> _pictures = new(options.PictureMemory, Weigh);
    private readonly GenerationCache<RenditionKey, Rendition> _faces = new(options.FaceMemory, Weigh);
    private readonly ConcurrentDictionary<RenditionKey, Lazy<Task<Rendition>>> _flights = new();

    /// <summary>True when it is in memory.</summary>
    public bool TryGet(RenditionKey key, [NotNullWhen(true)] out Rendition? rendition) => PartOf(key).TryGet(key, out rendition);

    /// <summary>Only the first of simultaneous callers runs <paramref name="render"/>; a caller that gives up does not stop it for the others.</summary>
    public async ValueTask<Rendition> Get(RenditionKey key, Func<RenditionKey, Task<Rendition>> render, CancellationToken cancellationToken = default)
    {
        if (TryGet(key, out var rendition))
        {
            return rendition;
        }

        var flight = _flights.GetOrAdd(key, _ => new Lazy<Task<Rendition>>(() => Fly(key, render)));
        return await flight.Value.WaitAsync(cancellationToken);
    }

    private static long Weigh(Rendition rendition) => rendition.Bytes.Length + Overhead;

    private GenerationCache<RenditionKey, Rendition> PartOf(RenditionKey key) => key.Picture is null ? _faces : _pictures;

    private async Task<Rendition> Fly(RenditionKey key, Func<RenditionKey, Task<Rendition>> render)
    {
        try
        {
            // An earlier flight may have landed between the caller's look and this one's start.
            if (PartOf(key).TryGet(key, out var rendition))
            {
                return rendition;
            }

            // The removals are counted before the picture is read: one that comes meanwhile is seen when it is written.
            var removals = folder.RemovalsOf(key);
            rendition = await folder.Read(key);
            if (rendition is null)
            {
                rendition = await render(key);
                await folder.Write(key, rendition, removals);
            }

            PartOf(key).Set(key, rendition);
            return rendition;
        }
        finally
        {
            _flights.TryRemove(key, out _);
        }
    }
}
