using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Likeness.Libravatar;

/// <summary>Normal form and aliases of OpenID URLs. Works on text, because <see cref="Uri"/> re-encodes paths and hosts and would change the hash.</summary>
internal static class OpenId
{
    private const string Http = "http://";
    private const string Https = "https://";

    /// <summary>Lower-cases scheme and host, drops a default port; user info, path, query and fragment stay as typed.</summary>
    public static bool TryNormalise(string trimmed, [NotNullWhen(true)] out string? text, [NotNullWhen(true)] out string? host)
    {
        text = host = null;
        var (scheme, rest) = SplitScheme(trimmed);
        if (scheme is null)
        {
            return false;
        }

        var pathStart = rest.AsSpan().IndexOfAny("/?#");
        var authority = pathStart < 0 ? rest : rest[..pathStart];
        var path = pathStart < 0 ? "" : rest[pathStart..];
        var userEnd = authority.LastIndexOf('@') + 1;
        if (!TrySplitPort(authority[userEnd..], scheme, out host, out var port))
        {
            return false;
        }

        text = string.Concat([scheme, authority[..userEnd], host, port, path]);
        return true;
    }

    /// <summary>The text itself, then the other scheme, each with and without a trailing slash, and the form without fragment.</summary>
    public static IEnumerable<string> AliasesOf(string text)
    {
        var (own, other) = text.StartsWith(Https, StringComparison.Ordinal) ? (Https, Http) : (Http, Https);
        var bare = text[own.Length..];
        var toggled = bare.EndsWith('/') ? bare[..^1] : bare + "/";
        string[] aliases = [own + bare, own + toggled, other + bare, other + toggled];
        return aliases.Concat(WithoutFragment(own, bare)).Distinct(StringComparer.Ordinal);
    }

    private static string[] WithoutFragment(string scheme, string bare)
    {
        var fragment = bare.IndexOf('#', StringComparison.Ordinal);
        if (fragment < 0)
        {
            return [];
        }

        var kept = bare[..fragment];
        return [scheme + (kept.AsSpan().ContainsAny('/', '?') ? kept : kept + "/")];
    }

    private static (string? Scheme, string Remainder) SplitScheme(string text)
    {
        if (text.StartsWith(Http, StringComparison.OrdinalIgnoreCase))
        {
            return (Http, text[Http.Length..]);
        }

        if (text.StartsWith(Https, StringComparison.OrdinalIgnoreCase))
        {
            return (Https, text[Https.Length..]);
        }

        var end = text.IndexOf("://", StringComparison.Ordinal);
        var hasOtherScheme = end >= 0 && !text.AsSpan(0, end).ContainsAny("/?#@");
        return hasOtherScheme ? (null, text) : (Http, text);
    }

    private static bool TrySplitPort(string hostAndPort, string scheme, [NotNullWhen(true)] out string? host, out string port)
    {
        // The colons inside an IPv6 literal are not the port's.
        var colon = hostAndPort.LastIndexOf(':');
        var hasPort = colon > hostAndPort.LastIndexOf(']');
        host = (hasPort ? hostAndPort[..colon] : hostAndPort).ToLowerInvariant();
        port = "";
        if (host.Length == 0 || host.Any(character => char.IsWhiteSpace(character) || char.IsControl(character)))
        {
            return false;
        }

        // RFC 3986 §6.2.3: an empty port is the default port.
        if (!hasPort || colon == hostAndPort.Length - 1)
        {
            return true;
        }

        if (!ushort.TryParse(hostAndPort.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number == 0)
        {
            return false;
        }

        var isDefault = number == (scheme == Https ? 443 : 80);
        port = isDefault ? "" : hostAndPort[colon..];
        return true;
    }
}
