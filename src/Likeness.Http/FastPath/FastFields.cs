using System.Buffers;
using System.Globalization;
using System.Text;

namespace Likeness.Http.FastPath;

/// <summary>The header fields that decide about a plain avatar request.</summary>
internal ref struct FastFields
{
    public bool HasHost;
    public bool HasIfNoneMatch;
    public ReadOnlySpan<byte> IfNoneMatch;
    public ReadOnlySpan<byte> IfModifiedSince;
    private bool _hasIfModifiedSince;

    /// <summary>False: the request is not a plain one.</summary>
    public bool Take(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, SearchValues<byte> hostBytes)
    {
        // By length first: most fields concern nobody here.
        switch (name.Length)
        {
            case 2:
                return !Is(name, "TE"u8);
            case 4:
                return !Is(name, "Host"u8) || TakeHost(value, hostBytes);
            case 5:
                return !Is(name, "Range"u8);
            case 6:
                return !Is(name, "Expect"u8);
            case 7:
                return !Is(name, "Upgrade"u8) && !Is(name, "Trailer"u8);
            case 8:
                return !Is(name, "If-Match"u8) && !Is(name, "If-Range"u8);
            case 10:
                return !Is(name, "Connection"u8) || Ascii.EqualsIgnoreCase(value, "keep-alive"u8);
            case 13:
                return !Is(name, "If-None-Match"u8) || TakeIfNoneMatch(value);
            case 14:
                return !Is(name, "Content-Length"u8) && !Is(name, "HTTP2-Settings"u8);
            case 17:
                return !Is(name, "Transfer-Encoding"u8) && (!Is(name, "If-Modified-Since"u8) || TakeIfModifiedSince(value));
            case 19:
                return !Is(name, "If-Unmodified-Since"u8);
            default:
                return true;
        }
    }

    private static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> known) => Ascii.EqualsIgnoreCase(name, known);

    private bool TakeHost(ReadOnlySpan<byte> value, SearchValues<byte> hostBytes)
    {
        var colon = value.IndexOf((byte)':');
        var host = colon < 0 ? value : value[..colon];
        var isFirst = !HasHost;
        HasHost = true;
        return isFirst
            && !host.IsEmpty
            && !host.ContainsAnyExcept(hostBytes)
            && (colon < 0 || ushort.TryParse(value[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out _));
    }

    private bool TakeIfNoneMatch(ReadOnlySpan<byte> value)
    {
        var isFirst = !HasIfNoneMatch;
        HasIfNoneMatch = true;
        IfNoneMatch = value;
        return isFirst;
    }

    private bool TakeIfModifiedSince(ReadOnlySpan<byte> value)
    {
        var isFirst = !_hasIfModifiedSince;
        _hasIfModifiedSince = true;
        IfModifiedSince = value;
        return isFirst;
    }
}
