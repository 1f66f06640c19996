using System.Buffers;

namespace Likeness.Http.FastPath;

internal enum FastRequestKind
{
    /// <summary>The head is not all there yet.</summary>
    Incomplete,

    /// <summary>A plain avatar request, understood to the last byte.</summary>
    Avatar,

    /// <summary>Anything else: for the web server to judge, from its first byte.</summary>
    Unfamiliar,
}

/// <summary>
/// One request head, read strictly. It accepts a small part of HTTP/1.1 (RFC 9112): GET or HEAD of a plain avatar path,
/// one Host, no body, nothing that changes the connection. Whatever is not exactly understood is unfamiliar, so that no
/// two readers of one byte stream can disagree about where a request ends.
/// </summary>
internal readonly ref struct FastRequest
{
    public const int LongestHead = 8192;

    private static readonly SearchValues<byte> TokenBytes =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private static readonly SearchValues<byte> ValueBytes =
        SearchValues.Create([(byte)'\t', .. Enumerable.Range(0x20, 0x5F).Select(value => (byte)value)]);

    private static readonly SearchValues<byte> PathBytes =
        SearchValues.Create("-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private static readonly SearchValues<byte> QueryBytes =
        SearchValues.Create("-._~!$&'()*+,;=:@/?%0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private static readonly SearchValues<byte> HostBytes =
        SearchValues.Create("-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    /// <summary>Bytes from the request line to the empty line, both included.</summary>
    public int Length { get; private init; }

    public bool IsHead { get; private init; }

    /// <summary>What follows <c>/avatar/</c>, query included.</summary>
    public ReadOnlySpan<byte> Target { get; private init; }

    public bool HasIfNoneMatch { get; private init; }

    public ReadOnlySpan<byte> IfNoneMatch { get; private init; }

    public ReadOnlySpan<byte> IfModifiedSince { get; private init; }

    public static FastRequestKind Read(ReadOnlySpan<byte> bytes, out FastRequest request)
    {
        request = default;
        ReadOnlySpan<byte> get = "GET /avatar/"u8, head = "HEAD /avatar/"u8;
        var isHead = bytes.Length > 0 && bytes[0] == 'H';
        var start = isHead ? head : get;
        if (!bytes.StartsWith(start))
        {
            return start.StartsWith(bytes) ? FastRequestKind.Incomplete : FastRequestKind.Unfamiliar;
        }

        var rest = bytes[start.Length..];
        if (!TryTakeLine(ref rest, out var target))
        {
            return IncompleteUnlessLong(bytes);
        }

        if (!target.EndsWith(" HTTP/1.1\r"u8) || !IsPlain(target = target[..^10]))
        {
            return FastRequestKind.Unfamiliar;
        }

        var fields = default(FastFields);
        while (true)
        {
            if (!TryTakeLine(ref rest, out var line))
            {
                return IncompleteUnlessLong(bytes);
            }

            if (line.SequenceEqual("\r"u8))
            {
                break;
            }

            if (!ReadField(line, ref fields))
            {
                return FastRequestKind.Unfamiliar;
            }
        }

        var length = bytes.Length - rest.Length;
        if (!fields.HasHost || length > LongestHead)
        {
            return FastRequestKind.Unfamiliar;
        }

        request = new FastRequest
        {
            Length = length,
            IsHead = isHead,
            Target = target,
            HasIfNoneMatch = fields.HasIfNoneMatch,
            IfNoneMatch = fields.IfNoneMatch,
            IfModifiedSince = fields.IfModifiedSince,
        };
        return FastRequestKind.Avatar;
    }

    private static FastRequestKind IncompleteUnlessLong(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= LongestHead ? FastRequestKind.Unfamiliar : FastRequestKind.Incomplete;

    /// <summary>A line without its line feed; the carriage return stays, so that its absence is noticed.</summary>
    private static bool TryTakeLine(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> line)
    {
        var end = rest.IndexOf((byte)'\n');
        line = end < 0 ? default : rest[..end];
        rest = end < 0 ? rest : rest[(end + 1)..];
        return end >= 0;
    }

    // One segment without escapes and not starting with a dot: no path that the web server would rewrite.
    private static bool IsPlain(ReadOnlySpan<byte> target)
    {
        var question = target.IndexOf((byte)'?');
        var path = question < 0 ? target : target[..question];
        return !path.IsEmpty
            && path[0] != '.'
            && !path.ContainsAnyExcept(PathBytes)
            && (question < 0 || !target[(question + 1)..].ContainsAnyExcept(QueryBytes));
    }

    private static bool ReadField(ReadOnlySpan<byte> line, ref FastFields fields)
    {
        if (!line.EndsWith("\r"u8))
        {
            return false;
        }

        line = line[..^1];
        var colon = line.IndexOf((byte)':');
        if (colon <= 0 || line[..colon].ContainsAnyExcept(TokenBytes) || line[(colon + 1)..].ContainsAnyExcept(ValueBytes))
        {
            return false;
        }

        return fields.Take(line[..colon], line[(colon + 1)..].Trim(" \t"u8), HostBytes);
    }
}
