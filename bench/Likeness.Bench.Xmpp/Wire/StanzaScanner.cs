namespace Likeness.Bench.Xmpp.Wire;

/// <summary>Finds whole elements below the stream root in a growing buffer: tag boundaries and depth only, no names, no tree.</summary>
struct StanzaScanner
{
    int position;
    int depth;
    int elementStart;

    /// <summary>Where the first byte lies that is still needed.</summary>
    public readonly int FirstNeeded => depth > 1 ? elementStart : position;

    /// <summary>True with the bounds of the next whole element; false when more bytes are needed.</summary>
    public bool Next(ReadOnlySpan<byte> data, out int start, out int end)
    {
        while (true)
        {
            (start, end) = (0, 0);
            var open = data[position..].IndexOf((byte)'<');
            if (open < 0)
            {
                position = data.Length;
                return false;
            }

            position += open;
            var length = TagLength(data[position..]);
            if (length < 0)
                return false;
            var tag = data.Slice(position, length);
            var tagStart = position;
            position += length;
            if (Closes(tag, tagStart))
            {
                (start, end) = (elementStart, position);
                return true;
            }
        }
    }

    /// <summary>Says that <paramref name="count"/> bytes were dropped from the front of the buffer.</summary>
    public void Dropped(int count)
    {
        position -= count;
        elementStart -= count;
    }

    bool Closes(ReadOnlySpan<byte> tag, int tagStart)
    {
        if (tag[1] == '?')
            return false;
        if (tag[1] == '/')
        {
            if (--depth == 0)
                throw new ConnectionLostException("the server closed the stream");
            return depth == 1;
        }

        if (depth == 1)
            elementStart = tagStart;
        if (depth > 0 && tag[^2] == '/')
            return depth == 1;
        depth++;
        return false;
    }

    static int TagLength(ReadOnlySpan<byte> data)
    {
        var at = 1;
        while (at < data.Length)
        {
            var stop = data[at..].IndexOfAny((byte)'>', (byte)'\'', (byte)'"');
            if (stop < 0)
                return -1;
            at += stop;
            if (data[at] == '>')
                return at + 1;
            var close = data[(at + 1)..].IndexOf(data[at]);
            if (close < 0)
                return -1;
            at += close + 2;
        }

        return -1;
    }
}
