using System.Runtime.InteropServices;
using Likeness.Libravatar;

namespace Likeness.Storage;

/// <summary>How the domain's values are stored: hashes as bytes, times as UTC ticks, enumerations by name.</summary>
internal static class SqlValue
{
    public static object Of(object? value) => value switch
    {
        null => DBNull.Value,
        string or long or byte[] => value,
        int number => (long)number,
        bool flag => flag ? 1L : 0L,
        Identity identity => identity.Value,
        PictureId id => Convert.FromHexString(id.Hex),
        AddressHash hash => Convert.FromHexString(hash.Text),
        DateTimeOffset time => time.UtcTicks,
        ReadOnlyMemory<byte> bytes => Whole(bytes),
        Enum name => name.ToString(),
        _ => throw new ArgumentException($"No column holds a {value.GetType().Name}.", nameof(value)),
    };

    private static byte[] Whole(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out var segment) && segment.Array!.Length == bytes.Length ? segment.Array : bytes.ToArray();
}
