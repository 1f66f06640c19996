using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Likeness;

/// <summary>
/// A bounded cache in two generations: what is used moves to the young one; when that is full the old one is forgotten
/// whole. Reads of young entries and of what is not there take no lock; the bound holds within one generation's worth. An
/// entry may be missed for the moment in which another reader moves it.
/// </summary>
/// <param name="capacity">Total weight of both generations.</param>
/// <param name="weigh">Weight of a value; must not change while it is cached.</param>
public sealed class GenerationCache<TKey, TValue>(long capacity, Func<TValue, long> weigh)
    where TKey : notnull
    where TValue : class
{
    private readonly Lock _turning = new();
    private volatile ConcurrentDictionary<TKey, TValue> _young = new();
    private volatile ConcurrentDictionary<TKey, TValue> _old = new();
    private long _youngWeight;

    public bool TryGet(TKey key, [NotNullWhen(true)] out TValue? value)
    {
        if (_young.TryGetValue(key, out value))
        {
            return true;
        }

        if (!_old.ContainsKey(key))
        {
            return false;
        }

        // Moved under the lock: a value that is replaced or removed at this moment must not come back.
        lock (_turning)
        {
            if (_young.TryGetValue(key, out value))
            {
                return true;
            }

            if (!_old.TryRemove(key, out value))
            {
                return false;
            }

            Keep(key, value);
            return true;
        }
    }

    public void Set(TKey key, TValue value)
    {
        lock (_turning)
        {
            if (_young.TryGetValue(key, out var replaced))
            {
                _youngWeight -= weigh(replaced);
            }

            _old.TryRemove(key, out _);
            Keep(key, value);
        }
    }

    public void Remove(TKey key)
    {
        lock (_turning)
        {
            _old.TryRemove(key, out _);
            if (_young.TryRemove(key, out var removed))
            {
                _youngWeight -= weigh(removed);
            }
        }
    }

    public void Clear()
    {
        lock (_turning)
        {
            _old = new ConcurrentDictionary<TKey, TValue>();
            _young = new ConcurrentDictionary<TKey, TValue>();
            _youngWeight = 0;
        }
    }

    private void Keep(TKey key, TValue value)
    {
        _young[key] = value;
        _youngWeight += weigh(value);
        if (_youngWeight > capacity / 2)
        {
            _old = _young;
            _young = new ConcurrentDictionary<TKey, TValue>();
            _youngWeight = 0;
        }
    }
}
