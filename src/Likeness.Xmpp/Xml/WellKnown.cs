using System.Text;

namespace Likeness.Xmpp.Xml;

/// <summary>Words that every stream is full of; found by their bytes, they cost no string.</summary>
internal static class WellKnown
{
    private const int MaxBytes = 64;
    private const int Slots = 2048;
    private static readonly Entry[] Table = Build();

    /// <summary>The word, or null when it is not a well-known one.</summary>
    public static string? Find(ReadOnlySpan<byte> bytes) => bytes.IsEmpty ? "" : Look(bytes).Text;

    /// <summary>The word if it is one that can be a name without prefix, or null.</summary>
    public static string? FindName(ReadOnlySpan<byte> bytes)
    {
        var entry = bytes.IsEmpty ? default : Look(bytes);
        return entry.IsName ? entry.Text : null;
    }

    private static Entry Look(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MaxBytes)
        {
            return default;
        }

        for (var slot = Hash(bytes); Table[slot].Bytes is { } candidate; slot = (slot + 1) % Slots)
        {
            if (bytes.SequenceEqual(candidate))
            {
                return Table[slot];
            }
        }

        return default;
    }

    private static int Hash(ReadOnlySpan<byte> bytes)
    {
        var hash = (uint)bytes.Length;
        hash = (hash * 31) + bytes[0];
        hash = (hash * 31) + bytes[bytes.Length / 2];
        hash = (hash * 31) + bytes[^1];
        hash = (hash * 31) + bytes[^((bytes.Length / 4) + 1)];
        return (int)((hash * 0x9E3779B1) >> 21);
    }

    private static Entry[] Build()
    {
        var table = new Entry[Slots];
        foreach (var word in Words.All)
        {
            var bytes = Encoding.UTF8.GetBytes(word);
            var slot = Hash(bytes);
            while (table[slot].Bytes is { } taken && !bytes.AsSpan().SequenceEqual(taken))
            {
                slot = (slot + 1) % Slots;
            }

            table[slot] = new Entry(bytes, word, XmlName.IsPlain(bytes));
        }

        return table;
    }

    private readonly record struct Entry(byte[]? Bytes, string? Text, bool IsName);
}
