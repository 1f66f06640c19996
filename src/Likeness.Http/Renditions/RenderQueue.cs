using Likeness.Imaging;

namespace Likeness.Http.Renditions;

/// <summary>
/// Bounds the renders that run or wait, so that nobody waits behind more than that. Faces get half of the places: made-up
/// hashes, of which there is no end, leave room for people's pictures.
/// </summary>
public sealed class RenderQueue(AvatarOptions options)
{
    private readonly int _most = options.MaxRenders;
    private int _taken;
    private int _faces;

    /// <summary>Takes a place until disposed. Throws <see cref="RenderUnavailableException"/> when there is none.</summary>
    public Place Enter(bool isFace)
    {
        var free = Interlocked.Increment(ref _taken) <= _most;
        if (isFace)
        {
            free &= Interlocked.Increment(ref _faces) <= Math.Max(1, _most / 2);
        }

        var place = new Place(this, isFace);
        if (free)
        {
            return place;
        }

        place.Dispose();
        throw new RenderUnavailableException("Too many avatars wait to be rendered.");
    }

    /// <summary>A place in the queue.</summary>
    public readonly struct Place(RenderQueue queue, bool isFace) : IDisposable
    {
        public void Dispose()
        {
            Interlocked.Decrement(ref queue._taken);
            if (isFace)
            {
                Interlocked.Decrement(ref queue._faces);
            }
        }
    }
}
