using System.Buffers;

namespace Likeness.Xmpp.Xml;

/// <summary>
/// Reads an XMPP stream from bytes as they arrive: restricted XML (RFC 6120 §11), limits kept while reading.
/// Bytes of an unfinished token stay in the caller's buffer; each byte is looked at once. Not safe for use by several threads at once.
/// </summary>
public sealed class XmlStreamReader(StreamLimits limits)
{
    private readonly TreeBuilder _tree = new(limits);
    private TokenScanner _scanner;
    private int _spent;

    /// <summary>Bytes allowed for one first-level element or the header; the session raises it after authentication.</summary>
    public int MaxStanzaBytes { get; set; } = limits.StanzaBytesBeforeAuthentication;

    /// <summary>No element is open below the root and no token is unfinished.</summary>
    public bool BetweenElements => _spent == 0 && _scanner.Scanned == 0;

    /// <summary>White space came between first-level elements since this was last set to false (not allowed while negotiating, RFC 6120 §4.4).</summary>
    public bool SawWhitespace { get; set; }

    /// <summary>
    /// Reads the next event. Call it until it asks for more data, then pass <paramref name="consumed"/> and <paramref name="examined"/> to the pipe;
    /// the next buffer begins at <paramref name="consumed"/>.
    /// </summary>
    /// <exception cref="StreamErrorException">The input is malformed, restricted or over a limit; the reader is of no use any more.</exception>
    public StreamEvent Read(ReadOnlySequence<byte> buffer, out SequencePosition consumed, out SequencePosition examined)
    {
        while (true)
        {
            var span = buffer.FirstSpan;
            var used = ReadSpan(span, out var streamEvent);
            if (streamEvent.Kind != StreamEventKind.NeedMoreData)
            {
                consumed = examined = buffer.GetPosition(used);
                return streamEvent;
            }

            if (used == span.Length && !buffer.IsSingleSegment)
            {
                var next = buffer.Start;
                buffer.TryGet(ref next, out _);
                buffer = buffer.Slice(next);
                continue;
            }

            buffer = buffer.Slice(used);
            if (buffer.IsSingleSegment)
            {
                break;
            }

            if (!ReadAcross(ref buffer, out streamEvent))
            {
                break;
            }

            if (streamEvent.Kind != StreamEventKind.NeedMoreData)
            {
                consumed = examined = buffer.Start;
                return streamEvent;
            }
        }

        consumed = buffer.Start;
        examined = buffer.End;
        return default;
    }

    /// <summary>Forgets everything: a new stream begins, after TLS or SASL. <see cref="MaxStanzaBytes"/> stays.</summary>
    public void Reset()
    {
        _tree.Reset();
        _scanner = default;
        _spent = 0;
        SawWhitespace = false;
    }

    /// <summary>Reads one element that stands alone, such as stored XML or a WebSocket message, by the same rules.</summary>
    /// <param name="scope">The default namespace in force around it.</param>
    /// <exception cref="StreamErrorException">The text is not exactly one well-formed element, or holds restricted XML.</exception>
    public static Element ParseElement(ReadOnlySpan<byte> xml, string scope = "", StreamLimits? limits = null) =>
        SingleElement.Parse(xml, scope, limits ?? SingleElement.DefaultLimits);

    /// <inheritdoc cref="ParseElement(ReadOnlySpan{byte}, string, StreamLimits?)"/>
    public static Element ParseElement(string xml, string scope = "", StreamLimits? limits = null) => SingleElement.Parse(xml, scope, limits);

    // Reads the tokens that lie wholly inside the span, as long as they end no event; returns the bytes taken.
    private int ReadSpan(ReadOnlySpan<byte> span, out StreamEvent streamEvent)
    {
        var used = 0;
        streamEvent = default;
        while (streamEvent.Kind == StreamEventKind.NeedMoreData)
        {
            if (_spent == 0 && _scanner.Scanned == 0)
            {
                used += SkipSpace(span[used..]);
            }

            if (span.Length - used <= _scanner.Scanned || !Scan(span[(used + _scanner.Scanned)..], out var length))
            {
                break;
            }

            streamEvent = Take(span.Slice(used, length));
            used += length;
        }

        return used;
    }

    // The token at the start of the buffer goes beyond its first segment, which has been scanned.
    private bool ReadAcross(ref ReadOnlySequence<byte> buffer, out StreamEvent streamEvent)
    {
        streamEvent = default;
        foreach (var segment in buffer.Slice(_scanner.Scanned))
        {
            if (!Scan(segment.Span, out var length))
            {
                continue;
            }

            var rented = ArrayPool<byte>.Shared.Rent(length);
            try
            {
                buffer.Slice(0, length).CopyTo(rented);
                streamEvent = Take(rented.AsSpan(0, length));
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(rented);
            }

            buffer = buffer.Slice(length);
            return true;
        }

        return false;
    }

    private bool Scan(ReadOnlySpan<byte> piece, out int length)
    {
        var allowed = MaxStanzaBytes - _spent - _scanner.Scanned;
        var tooLong = piece.Length > allowed;
        if (_scanner.TryFinish(tooLong ? piece[..Math.Max(0, allowed)] : piece, _tree.AtVeryStart, out length))
        {
            return true;
        }

        return tooLong ? throw Malformed.TooMuch("Bytes of a stanza", MaxStanzaBytes) : false;
    }

    private StreamEvent Take(ReadOnlySpan<byte> token)
    {
        _spent += token.Length;
        var streamEvent = _tree.Take(_scanner.Kind, token);
        if (_tree.IsBetweenElements)
        {
            _spent = 0;
        }

        return streamEvent;
    }

    private int SkipSpace(ReadOnlySpan<byte> span)
    {
        var length = span.IndexOfAnyExcept(" \t\r\n"u8);
        length = length < 0 ? span.Length : length;
        if (length > 0)
        {
            _tree.SpaceBetweenElements();
            SawWhitespace |= _tree.IsOpen;
        }

        return length < span.Length && span[length] != '<' ? throw _tree.StrayText(span[length]) : length;
    }
}
