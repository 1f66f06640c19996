using System.Runtime.InteropServices;

namespace Likeness.Limits;

/// <summary>So many at once; what was taken comes back evenly over the time.</summary>
public readonly record struct RateLimit(int Permits, TimeSpan Per);

/// <summary>
/// A token bucket for each key, for at most so many keys: beyond that the key that was quiet longest is forgotten, never all of
/// them. A key costs about 100 bytes beside itself, and only while it is remembered.
/// </summary>
/// <remarks>
/// The limiters of System.Threading.RateLimiting read their own clock, so that no test can let time pass, and a partitioned one
/// holds any number of partitions; strangers choose the keys here.
/// </remarks>
public sealed class KeyedRateLimiter<TKey>(RateLimit limit, int maxKeys, TimeProvider time)
    where TKey : notnull
{
    private const int None = -1;
    private readonly double _perTick = limit.Permits / (double)limit.Per.Ticks;
    private readonly Dictionary<TKey, int> _slots = [];
    private readonly List<Bucket> _buckets = [];
    private readonly Lock _lock = new();
    private int _newest = None;
    private int _oldest = None;

    /// <summary>Keys remembered now.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _slots.Count;
            }
        }
    }

    /// <summary>Zero when the permits were taken; else how long until they are there, and nothing was taken. More than there can ever be count as all of them.</summary>
    public TimeSpan Take(TKey key, int permits = 1)
    {
        lock (_lock)
        {
            return Take(ref Touch(key), permits);
        }
    }

    /// <summary>As <see cref="Take(TKey, int)"/>, but only for a key that is remembered; null for any other, which is not remembered for being asked.</summary>
    public TimeSpan? TakeIfKnown(TKey key)
    {
        lock (_lock)
        {
            return _slots.ContainsKey(key) ? Take(ref Touch(key), 1) : null;
        }
    }

    /// <summary>Permits that could be taken now, whole and begun ones; a key is not remembered for being asked.</summary>
    public double Left(TKey key)
    {
        lock (_lock)
        {
            return _slots.ContainsKey(key) ? Touch(key).Left : limit.Permits;
        }
    }

    /// <summary>Remembers a key from which nothing is taken.</summary>
    public void Remember(TKey key)
    {
        lock (_lock)
        {
            Touch(key);
        }
    }

    /// <summary>Gives permits back that were taken for something that did not count after all.</summary>
    public void Return(TKey key, int permits = 1)
    {
        lock (_lock)
        {
            if (_slots.ContainsKey(key))
            {
                ref var bucket = ref Touch(key);
                bucket.Left = Math.Min(limit.Permits, bucket.Left + permits);
            }
        }
    }

    private TimeSpan Take(ref Bucket bucket, int permits)
    {
        var wanted = Math.Min(permits, limit.Permits);
        if (bucket.Left >= wanted)
        {
            bucket.Left -= wanted;
            return TimeSpan.Zero;
        }

        return TimeSpan.FromTicks(Math.Max(1, (long)Math.Ceiling((wanted - bucket.Left) / _perTick)));
    }

    private ref Bucket Touch(TKey key)
    {
        var now = time.GetTimestamp();
        if (!_slots.TryGetValue(key, out var slot))
        {
            slot = Place(key);
            ref var made = ref At(slot);
            (made.Key, made.Left, made.Since) = (key, limit.Permits, now);
            Link(slot);
            return ref made;
        }

        if (slot != _newest)
        {
            Unlink(slot);
            Link(slot);
        }

        ref var bucket = ref At(slot);
        bucket.Left = Math.Min(limit.Permits, bucket.Left + (time.GetElapsedTime(bucket.Since, now).Ticks * _perTick));
        bucket.Since = now;
        return ref bucket;
    }

    private int Place(TKey key)
    {
        var slot = _buckets.Count;
        if (slot < maxKeys)
        {
            _buckets.Add(default);
        }
        else
        {
            slot = _oldest;
            _slots.Remove(At(slot).Key);
            Unlink(slot);
        }

        _slots.Add(key, slot);
        return slot;
    }

    private void Link(int slot)
    {
        ref var bucket = ref At(slot);
        (bucket.Newer, bucket.Older) = (None, _newest);
        if (_newest == None)
        {
            _oldest = slot;
        }
        else
        {
            At(_newest).Newer = slot;
        }

        _newest = slot;
    }

    private void Unlink(int slot)
    {
        var (newer, older) = (At(slot).Newer, At(slot).Older);
        if (newer == None)
        {
            _newest = older;
        }
        else
        {
            At(newer).Older = older;
        }

        if (older == None)
        {
            _oldest = newer;
        }
        else
        {
            At(older).Newer = newer;
        }
    }

    private ref Bucket At(int slot) => ref CollectionsMarshal.AsSpan(_buckets)[slot];

    private struct Bucket
    {
        public TKey Key;
        public double Left;
        public long Since;
        public int Newer;
        public int Older;
    }
}
