using System.Diagnostics.CodeAnalysis;

namespace Likeness.Libravatar;

/// <summary>Keeps what was used last, up to a total weight.</summary>
internal sealed class RecentCache<TKey, TValue>(long capacity, Func<TValue, long> weigh)
    where TKey : notnull
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, LinkedListNode<(TKey Key, TValue Value)>> _nodes = [];
    private readonly LinkedList<(TKey Key, TValue Value)> _byUse = new();
    private long _weight;

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        lock (_gate)
        {
            if (!_nodes.TryGetValue(key, out var node))
            {
                value = default;
                return false;
            }

            _byUse.Remove(node);
            _byUse.AddLast(node);
            value = node.Value.Value;
            return true;
        }
    }

    /// <summary>What weighs more than the capacity is not kept.</summary>
    public void Set(TKey key, TValue value)
    {
        lock (_gate)
        {
            Drop(key);
            _nodes[key] = _byUse.AddLast((key, value));
            _weight += weigh(value);
            while (_weight > capacity)
            {
                Drop(_byUse.First!.Value.Key);
            }
        }
    }

    /// <summary>Least recently used first.</summary>
    public IReadOnlyList<(TKey Key, TValue Value)> ToList()
    {
        lock (_gate)
        {
            return [.. _byUse];
        }
    }

    private void Drop(TKey key)
    {
        if (_nodes.Remove(key, out var node))
        {
            _byUse.Remove(node);
            _weight -= weigh(node.Value.Value);
        }
    }
}
