using System.Globalization;

namespace Likeness.Libravatar;

/// <summary>One entry of the list of places that a URL in <c>d</c> may lead to: <c>[https://][*.]host[:port][/path]</c>.</summary>
public sealed record TrustedDefault
{
    private const string AnySubdomain = "*.";
    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true };

    private TrustedDefault()
    {
    }

    /// <summary>The one scheme, or null for http and https.</summary>
    public string? Scheme { get; private init; }

    /// <summary>Lower-case A-labels.</summary>
    public required string Host { get; init; }

    /// <summary>True for <c>*.host</c>: every host below it, not the host itself.</summary>
    public bool Below { get; private init; }

    /// <summary>The one port, or null for the scheme's own.</summary>
    public int? Port { get; private init; }

    /// <summary>Decoded path that a candidate's must begin with, on a segment boundary; <c>/</c> for any.</summary>
    public string Path { get; private init; } = "/";

    /// <summary>Throws <see cref="FormatException"/> saying what is wrong.</summary>
    public static TrustedDefault Parse(string entry)
    {
        var (scheme, rest) = entry.IndexOf("://", StringComparison.Ordinal) is var at and >= 0
            ? (entry[..at].ToLowerInvariant(), entry[(at + 3)..])
            : (null, entry);
        if (scheme is not (null or "http" or "https"))
        {
            throw new FormatException($"'{entry}' is neither http nor https");
        }

        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var (authority, path) = slash < 0 ? (rest, "/") : (rest[..slash], rest[slash..]);
        if (!TrustedUrl.IsPlainPath(path) || path.Contains('?', StringComparison.Ordinal) || path.Contains('#', StringComparison.Ordinal))
        {
            throw new FormatException($"'{entry}' has a path that cannot be compared");
        }

        var colon = authority.LastIndexOf(':');
        var below = authority.StartsWith(AnySubdomain, StringComparison.Ordinal);
        return new TrustedDefault
        {
            Scheme = scheme,
            Below = below,
            Host = HostOf(entry, authority[(below ? AnySubdomain.Length : 0)..(colon < 0 ? authority.Length : colon)]),
            Port = colon < 0 ? null : PortOf(entry, authority[(colon + 1)..]),
            Path = Uri.UnescapeDataString(path),
        };
    }

    /// <summary>Whether this place may be shown. <paramref name="url"/> must have passed <see cref="TrustedUrl"/>.</summary>
    internal bool Covers(Uri url, string host, string path) =>
        (Scheme is null || Scheme == url.Scheme)
        && (Port is { } port ? url.Port == port : url.IsDefaultPort)
        && (Below ? host.Length > Host.Length + 1 && host.EndsWith("." + Host, StringComparison.Ordinal) : host == Host)
        && path.StartsWith(Path, StringComparison.Ordinal)
        && (Path[^1] == '/' || path.Length == Path.Length || path[Path.Length] == '/');

    private static string HostOf(string entry, string host)
    {
        try
        {
            return Idn.GetAscii(host.TrimEnd('.')).ToLowerInvariant();
        }
        catch (ArgumentException exception)
        {
            throw new FormatException($"'{entry}' has no host name", exception);
        }
    }

    private static int PortOf(string entry, string text) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0
            ? port
            : throw new FormatException($"'{entry}' has a port that is no number from 1 to 65535");
}
