using System.Collections;

namespace Likeness.Xmpp.Server.Rooms;

/// <summary>A table by text that costs little while it holds little, as most rooms' lists do.</summary>
internal sealed class SmallTable<T> : IEnumerable<KeyValuePair<string, T>>
    where T : class
{
    private const int Handful = 8;
    private KeyValuePair<string, T>[] _few = [];
    private Dictionary<string, T>? _many;

    public int Count => _many?.Count ?? _few.Length;

    public T? Find(string key)
    {
        if (_many is not null)
        {
            return _many.GetValueOrDefault(key);
        }

        foreach (var (known, value) in _few)
        {
            if (known == key)
            {
                return value;
            }
        }

        return null;
    }

    public void Set(string key, T value)
    {
        if (_many is null)
        {
            _few = [.. _few.Where(entry => entry.Key != key), KeyValuePair.Create(key, value)];
            if (_few.Length <= Handful)
            {
                return;
            }

            _many = new(_few, StringComparer.Ordinal);
            _few = [];
        }

        _many[key] = value;
    }

    public void Remove(string key)
    {
        _few = [.. _few.Where(entry => entry.Key != key)];
        _many?.Remove(key);
    }

    public IEnumerator<KeyValuePair<string, T>> GetEnumerator() => (_many ?? (IEnumerable<KeyValuePair<string, T>>)_few).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
