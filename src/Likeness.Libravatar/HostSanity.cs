using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Likeness.Libravatar;

/// <summary>Which texts are host names; whatever else DNS says never reaches an URL.</summary>
public static class HostSanity
{
    private const int LongestHost = 253;
    private const int LongestLabel = 63;

    private static readonly SearchValues<char> LabelCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");

    /// <summary>Removes one trailing dot and lower-cases.</summary>
    public static bool TryClean(string name, [NotNullWhen(true)] out string? host)
    {
        host = null;
        var bare = name.EndsWith('.') ? name[..^1] : name;
        if (bare.Length is 0 or > LongestHost)
        {
            return false;
        }

        ReadOnlySpan<char> last = default;
        foreach (var label in bare.Split('.'))
        {
            last = label;
            if (last.Length is 0 or > LongestLabel || last.ContainsAnyExcept(LabelCharacters) || last[0] == '-' || last[^1] == '-')
            {
                return false;
            }
        }

        // Browsers read a host whose last label is a number as an IPv4 address.
        if (!last.ContainsAnyExceptInRange('0', '9') || last.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        host = bare.ToLowerInvariant();
        return true;
    }

    /// <summary>1–65535.</summary>
    public static bool IsPort(int port) => port is > 0 and <= ushort.MaxValue;
}
