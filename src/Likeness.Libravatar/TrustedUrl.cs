using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Likeness.Libravatar;

/// <summary>Decides whether a URL in <c>d</c> may be redirected to. What it cannot read without doubt it refuses.</summary>
public static class TrustedUrl
{
    private const int Longest = 2048;

    // Enough for anything that was encoded twice by mistake; what still changes then is refused.
    private const int MaxDecodings = 4;

    private static readonly SearchValues<char> HostCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-.");

    /// <summary>True: <paramref name="location"/> is the URL written anew, in ASCII, from the parts that were checked.</summary>
    /// <param name="candidate">The decoded value of <c>d</c>.</param>
    public static bool TryAccept(string candidate, IReadOnlyList<TrustedDefault> trusted, [NotNullWhen(true)] out string? location)
    {
        location = null;
        if (trusted.Count == 0 || candidate.Length > Longest || !LooksLikeUrl(candidate)
            || !Uri.TryCreate(candidate, UriKind.Absolute, out var url)
            || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps)
            || url.UserInfo.Length > 0 || url.Fragment.Length > 0
            || !TryReadHost(url, out var host))
        {
            return false;
        }

        var path = url.GetComponents(UriComponents.Path | UriComponents.KeepDelimiter, UriFormat.UriEscaped);
        if (!IsPlainPath(RawPath(candidate)) || !IsPlainPath(path))
        {
            return false;
        }

        var decoded = Uri.UnescapeDataString(path);
        if (!trusted.Any(entry => entry.Covers(url, host, decoded)))
        {
            return false;
        }

        var port = url.IsDefaultPort ? "" : $":{url.Port}";
        var target = $"{url.Scheme}://{host}{port}{path}{url.GetComponents(UriComponents.Query | UriComponents.KeepDelimiter, UriFormat.UriEscaped)}";
        location = target.All(character => character is > ' ' and <= '~') ? target : null;
        return location is not null;
    }

    /// <summary>No segment that leads upwards, no separator or control character in disguise, however often it is decoded.</summary>
    internal static bool IsPlainPath(string path)
    {
        var text = path;
        for (var round = 0; round < MaxDecodings; round++)
        {
            if (text.AsSpan().ContainsAny('\\', '\0') || text.Any(char.IsControl)
                || text.Split('/').Any(segment => segment is ".." or "."))
            {
                return false;
            }

            var decoded = Uri.UnescapeDataString(text);
            if (decoded == text)
            {
                return true;
            }

            text = decoded;
        }

        return false;
    }

    /// <summary>The scheme spelled out, both slashes, something behind them, and no character that readers of URLs disagree about.</summary>
    private static bool LooksLikeUrl(string candidate)
    {
        var colon = candidate.IndexOf("://", StringComparison.Ordinal);
        if (colon is not (4 or 5) || candidate.Length == colon + 3)
        {
            return false;
        }

        var authority = Authority(candidate);
        return !candidate.Any(character => character is '\\' or '#' or '\uFFFD' || char.IsControl(character) || char.IsWhiteSpace(character))
            && authority is [.., not ':'] && !authority.ContainsAny('@', '%', '[');
    }

    private static ReadOnlySpan<char> Authority(string candidate)
    {
        var rest = candidate.AsSpan(candidate.IndexOf("://", StringComparison.Ordinal) + 3);
        var end = rest.IndexOfAny('/', '?');
        return end < 0 ? rest : rest[..end];
    }

    // Uri resolves dot segments while it parses: they are looked for in the text itself.
    private static string RawPath(string candidate)
    {
        var start = candidate.IndexOf("://", StringComparison.Ordinal) + 3 + Authority(candidate).Length;
        var question = candidate.IndexOf('?', start);
        return question < 0 ? candidate[start..] : candidate[start..question];
    }

    private static bool TryReadHost(Uri url, out string host)
    {
        try
        {
            host = url.IdnHost.ToLowerInvariant();
            return host.Length > 0 && !host.AsSpan().ContainsAnyExcept(HostCharacters) && host[^1] != '.';
        }
        catch (UriFormatException)
        {
            host = "";
            return false;
        }
    }
}
