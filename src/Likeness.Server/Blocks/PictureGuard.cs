using System.Collections.Frozen;
using System.Collections.Immutable;
using Likeness.Imaging;
using Likeness.Stores;

namespace Likeness.Server.Blocks;

/// <summary>The blocks in force, in memory. Asking for exact bytes is one look-up; pictures are looked at only while a block of near copies is there.</summary>
public sealed class PictureGuard(IBlockStore store, IImageRenderer renderer) : IPictureGuard, IDisposable
{
    private readonly SemaphoreSlim _loading = new(1);
    private readonly GenerationCache<PictureId, Seen> _seen = new(20_000, _ => 1);
    private volatile InForce _inForce = new(FrozenDictionary<PictureId, PictureBlock>.Empty, [], 0);

    public long Version => _inForce.Version;

    /// <summary>Reads the stored blocks; to be called at start, after a change, and now and then for what other servers on the same database blocked.</summary>
    public async ValueTask Load(CancellationToken cancellationToken = default)
    {
        // One after another: a list that was read earlier must not replace a newer one.
        await _loading.WaitAsync(cancellationToken);
        try
        {
            var blocks = await store.List(cancellationToken);
            if (!_inForce.Exact.Values.ToHashSet().SetEquals(blocks))
            {
                _inForce = new InForce(blocks.ToFrozenDictionary(block => block.Picture), [.. blocks.Where(block => block.Near is not null)], _inForce.Version + 1);
            }
        }
        finally
        {
            _loading.Release();
        }
    }

    public PictureBlock? Find(PictureId id) => _inForce.Exact.GetValueOrDefault(id);

    public async ValueTask<PictureBlock?> Find(IReadOnlyList<Picture> pictures, PictureId? uploaded, CancellationToken cancellationToken = default)
    {
        var inForce = _inForce;
        if (uploaded is { } file && inForce.Exact.TryGetValue(file, out var block))
        {
            return block;
        }

        foreach (var picture in pictures)
        {
            if (inForce.Exact.TryGetValue(picture.Id, out block))
            {
                return block;
            }
        }

        foreach (var picture in inForce.Near.IsEmpty ? [] : pictures)
        {
            if (await LooksLike(picture, cancellationToken) is { } hash && Near(inForce, hash) is { } near)
            {
                return near;
            }
        }

        return null;
    }

    /// <summary>What the picture looks like; null when that cannot be told: nothing here decodes it, or it is too plain.</summary>
    public async ValueTask<PerceptualHash?> LooksLike(Picture picture, CancellationToken cancellationToken = default)
    {
        if (_seen.TryGet(picture.Id, out var seen))
        {
            return seen.Hash;
        }

        PerceptualHash? hash = null;
        try
        {
            hash = await PerceptualHash.Of(picture.Bytes, renderer, cancellationToken);
        }
        catch (ImageRefusedException)
        {
            // Chats carry any bytes; what nobody can draw nobody can see.
        }

        _seen.Set(picture.Id, new Seen(hash));
        return hash;
    }

    public void Dispose() => _loading.Dispose();

    private static PictureBlock? Near(InForce inForce, PerceptualHash hash)
    {
        foreach (var block in inForce.Near)
        {
            if (hash.DistanceTo(new PerceptualHash(block.Near!.Value)) <= PerceptualHash.Threshold)
            {
                return block;
            }
        }

        return null;
    }

    private sealed record Seen(PerceptualHash? Hash);

    private sealed record InForce(FrozenDictionary<PictureId, PictureBlock> Exact, ImmutableArray<PictureBlock> Near, long Version);
}
