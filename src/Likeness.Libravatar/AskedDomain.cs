using System.Collections.Frozen;
using System.Globalization;

namespace Likeness.Libravatar;

/// <summary>The name under which a domain is looked up, if it is looked up at all.</summary>
internal static class AskedDomain
{
    /// <summary>IANA's special-use names: no public server can answer for them, and asking tells resolvers what nobody should learn.</summary>
    private static readonly FrozenSet<string> SpecialUse = new[]
    {
        "localhost", // RFC 6761
        "invalid",
        "test",
        "example",
        "local", // RFC 6762
        "onion", // RFC 7686
        "home.arpa", // RFC 8375
        "internal", // ICANN, 2024
        "alt", // RFC 9476
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The ASCII form; null for single labels, addresses, special-use names that are not <paramref name="allowed"/>, and what is no domain.</summary>
    public static string? Read(string domain, IList<string> allowed)
    {
        if (!TryReadAscii(domain, out var ascii) || !HostSanity.TryClean(ascii, out var host) || !host.Contains('.'))
        {
            return null;
        }

        var special = SpecialUse.FirstOrDefault(name => IsUnder(host, name));
        return special is null || allowed.Any(name => IsUnder(host, name)) ? host : null;
    }

    private static bool IsUnder(string host, string name) =>
        host.EndsWith(name, StringComparison.Ordinal) && (host.Length == name.Length || host[^(name.Length + 1)] == '.');

    private static bool TryReadAscii(string domain, out string ascii)
    {
        ascii = domain;
        if (System.Text.Ascii.IsValid(domain))
        {
            return true;
        }

        try
        {
            ascii = new IdnMapping().GetAscii(domain);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
