using System.Collections.Concurrent;
using Likeness.Stores;

namespace Likeness;

/// <summary>Portraits and pictures in memory, and what is not known for sure. The caller sees to it that one person is loaded and replaced by one at a time.</summary>
internal sealed class PortraitCache(IPortraitStore store, VisibilityDefaults visibility)
{
    private readonly GenerationCache<Identity, Portrait> _portraits = new(200_000, _ => 1);
    private readonly GenerationCache<PictureId, Picture> _pictures = new(64 * 1024 * 1024, picture => picture.Bytes.Length + 256);
    private readonly ConcurrentDictionary<Identity, PortraitDoubt> _doubts = new();

    public ICollection<Identity> Doubtful => _doubts.Keys;

    public Portrait? Find(Identity identity) => _portraits.TryGet(identity, out var portrait) ? portrait : null;

    /// <summary>From the store. The doubt is what was in doubt until now: its author may never have heard that the change was stored.</summary>
    public async ValueTask<(Portrait Portrait, PortraitDoubt? Doubt)> Load(Identity identity, CancellationToken cancellationToken)
    {
        var portrait = visibility.Bound(await store.Find(identity, cancellationToken) ?? new Portrait { Identity = identity });
        _portraits.Set(identity, portrait);
        return (portrait, _doubts.TryRemove(identity, out var doubt) && doubt.Before.Version != portrait.Version ? doubt : null);
    }

    public async ValueTask<Picture?> Read(PictureId id, CancellationToken cancellationToken)
    {
        if (_pictures.TryGet(id, out var picture))
        {
            return picture;
        }

        picture = await store.FindPicture(id, cancellationToken);
        if (picture is not null)
        {
            _pictures.Set(id, picture);
        }

        return picture;
    }

    public void Replace(Portrait before, Portrait after, IReadOnlyList<Picture> pictures)
    {
        ForgetPictures(before, after);
        foreach (var picture in pictures)
        {
            _pictures.Set(picture.Id, picture);
        }

        _portraits.Set(after.Identity, after);
    }

    // Somebody else may show the same bytes; then they are read again.
    public void ForgetPictures(Portrait before, Portrait after)
    {
        foreach (var gone in new[] { before.Picture?.Id, before.Master?.Id }.Except([after.Picture?.Id, after.Master?.Id]).OfType<PictureId>())
        {
            _pictures.Remove(gone);
        }
    }

    public void Forget(Identity identity) => _portraits.Remove(identity);

    /// <summary>A write failed that may be stored all the same. Whoever looks next finds out.</summary>
    public void Doubt(Portrait before, Cause cause)
    {
        _doubts.TryAdd(before.Identity, new PortraitDoubt(before, cause));
        _portraits.Remove(before.Identity);
    }

    public void Clear() => _portraits.Clear();
}

/// <summary>The portrait before a write of which nobody knows whether it was stored.</summary>
internal sealed record PortraitDoubt(Portrait Before, Cause Cause);
