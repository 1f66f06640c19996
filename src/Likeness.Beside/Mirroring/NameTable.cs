using System.Text;

namespace Likeness.Beside.Mirroring;

/// <summary>
/// Numbers for names, beginning at 0. Nothing is taken out but everything; a name costs its UTF-8 bytes and at most 17 more. Not thread-safe.
/// </summary>
internal sealed class NameTable
{
    /// <summary>Bytes of the longest name: both parts of an address and its sign.</summary>
    public const int MaxNameBytes = 2047;

    private const int BlockBytes = 32 * 1024;
    private const int FewestPlaces = 16;
    private readonly List<byte[]> _blocks = [];
    private int[] _starts = [];
    private int[] _places = [];
    private int _used;

    public int Count { get; private set; }

    /// <summary>The number of a name; -1: it has none.</summary>
    public int Find(string name)
    {
        Span<byte> bytes = stackalloc byte[MaxNameBytes];
        return Encoding.UTF8.TryGetBytes(name, bytes, out var length) && Count > 0 ? _places[PlaceOf(bytes[..length])] - 1 : -1;
    }

    /// <summary>The same for one that gets a number now, if it has none; -1: it is too long.</summary>
    public int Add(string name)
    {
        Span<byte> bytes = stackalloc byte[MaxNameBytes];
        if (!Encoding.UTF8.TryGetBytes(name, bytes, out var length))
        {
            return -1;
        }

        if ((Count + 1) * 4 > _places.Length * 3)
        {
            Grow();
        }

        var place = PlaceOf(bytes[..length]);
        if (_places[place] == 0)
        {
            if (Count == _starts.Length)
            {
                Array.Resize(ref _starts, Math.Max(FewestPlaces, Count + (Count / 4)));
            }

            _starts[Count] = Keep(bytes[..length]);
            _places[place] = ++Count;
        }

        return _places[place] - 1;
    }

    public string this[int number] => Encoding.UTF8.GetString(BytesOf(number));

    public void Clear()
    {
        _blocks.Clear();
        (_starts, _places, _used, Count) = ([], [], 0, 0);
    }

    private ReadOnlySpan<byte> BytesOf(int number)
    {
        var start = _starts[number];
        var block = _blocks[start / BlockBytes].AsSpan(start % BlockBytes);
        return block.Slice(2, block[0] | (block[1] << 8));
    }

    // Where the name is, or the free place that is its.
    private int PlaceOf(ReadOnlySpan<byte> name)
    {
        var hash = new HashCode();
        hash.AddBytes(name);
        var mask = _places.Length - 1;
        var place = hash.ToHashCode() & mask;
        while (_places[place] is var number and > 0 && !BytesOf(number - 1).SequenceEqual(name))
        {
            place = (place + 1) & mask;
        }

        return place;
    }

    private void Grow()
    {
        _places = new int[Math.Max(FewestPlaces, _places.Length * 2)];
        for (var number = 0; number < Count; number++)
        {
            _places[PlaceOf(BytesOf(number))] = number + 1;
        }
    }

    private int Keep(ReadOnlySpan<byte> name)
    {
        if (_blocks.Count == 0 || _used + 2 + name.Length > BlockBytes)
        {
            _blocks.Add(new byte[BlockBytes]);
            _used = 0;
        }

        var start = _used;
        var block = _blocks[^1].AsSpan(start);
        (block[0], block[1]) = ((byte)name.Length, (byte)(name.Length >> 8));
        name.CopyTo(block[2..]);
        _used += 2 + name.Length;
        return ((_blocks.Count - 1) * BlockBytes) + start;
    }
}
