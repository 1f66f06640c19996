namespace Likeness.Xmpp.Xml;

internal enum TokenKind : byte
{
    None,
    Text,
    StartTag,
    EndTag,
    CharacterData,
    Declaration,
}

/// <summary>Finds where a token ends. Fed piece after piece, it looks at each byte once, however the bytes are cut.</summary>
internal struct TokenScanner
{
    private State _state;
    private byte _matched;

    private enum State : byte
    {
        Start,
        LessThan,
        Text,
        EndTag,
        StartTag,
        DoubleQuoted,
        SingleQuoted,
        CharacterDataOpening,
        CharacterData,
        Declaration,
    }

    /// <summary>Bytes of the unfinished token looked at so far.</summary>
    public int Scanned { get; private set; }

    public TokenKind Kind { get; private set; }

    private static ReadOnlySpan<byte> CharacterDataStart => "[CDATA["u8;

    /// <summary>Takes the next piece of the token; true with the whole token's length when it ends in it.</summary>
    public bool TryFinish(ReadOnlySpan<byte> piece, bool declarationAllowed, out int length)
    {
        var at = 0;
        while (at < piece.Length)
        {
            if (Step(piece, declarationAllowed, ref at))
            {
                length = Scanned + at;
                this = new TokenScanner { Kind = Kind };
                return true;
            }
        }

        Scanned += piece.Length;
        length = 0;
        return false;
    }

    private bool Step(ReadOnlySpan<byte> piece, bool declarationAllowed, ref int at)
    {
        switch (_state)
        {
            case State.Start:
                _state = piece[at] == '<' ? State.LessThan : State.Text;
                Kind = TokenKind.Text;
                at += _state == State.LessThan ? 1 : 0;
                return false;
            case State.LessThan:
                Classify(piece[at], declarationAllowed, ref at);
                return false;
            case State.Text:
                var markup = piece[at..].IndexOf((byte)'<');
                at = markup < 0 ? piece.Length : at + markup;
                return markup >= 0;
            case State.StartTag:
                return InStartTag(piece, ref at);
            case State.DoubleQuoted:
                return InQuotes(piece, (byte)'"', ref at);
            case State.SingleQuoted:
                return InQuotes(piece, (byte)'\'', ref at);
            case State.EndTag:
                var end = piece[at..].IndexOfAny((byte)'>', (byte)'<');
                at = Past(piece, at, end);
                return end >= 0 && (piece[at - 1] == '>' ? true : throw Malformed.Xml("An end tag is not closed."));
            case State.CharacterDataOpening:
                if (piece[at++] != CharacterDataStart[_matched++])
                {
                    throw _matched == 1 ? Malformed.Restricted("Comments and document types are not allowed.") : Malformed.Xml("Unknown markup.");
                }

                _state = _matched == CharacterDataStart.Length ? State.CharacterData : _state;
                _matched = _state == State.CharacterData ? (byte)0 : _matched;
                return false;
            case State.CharacterData:
                return InCharacterData(piece, ref at);
            default:
                var closes = piece[at] == '>' && _matched == 1;
                _matched = piece[at++] == '?' ? (byte)1 : (byte)0;
                return closes;
        }
    }

    private void Classify(byte second, bool declarationAllowed, ref int at)
    {
        (_state, Kind) = second switch
        {
            (byte)'/' => (State.EndTag, TokenKind.EndTag),
            (byte)'!' => (State.CharacterDataOpening, TokenKind.CharacterData),
            (byte)'?' when declarationAllowed => (State.Declaration, TokenKind.Declaration),
            (byte)'?' => throw Malformed.Restricted("Processing instructions are not allowed."),
            _ => (State.StartTag, TokenKind.StartTag),
        };
        at += _state == State.StartTag ? 0 : 1;
    }

    private bool InStartTag(ReadOnlySpan<byte> piece, ref int at)
    {
        var found = piece[at..].IndexOfAny("\"'><"u8);
        at = Past(piece, at, found);
        if (found < 0)
        {
            return false;
        }

        switch (piece[at - 1])
        {
            case (byte)'>':
                return true;
            case (byte)'<':
                throw Malformed.Xml("A start tag is not closed.");
            case var quote:
                _state = quote == '"' ? State.DoubleQuoted : State.SingleQuoted;
                return false;
        }
    }

    private bool InQuotes(ReadOnlySpan<byte> piece, byte quote, ref int at)
    {
        var found = piece[at..].IndexOfAny(quote, (byte)'<');
        at = Past(piece, at, found);
        if (found >= 0)
        {
            _state = piece[at - 1] == quote ? State.StartTag : throw Malformed.Xml("'<' in an attribute value.");
        }

        return false;
    }

    // _matched counts the closing brackets seen directly before.
    private bool InCharacterData(ReadOnlySpan<byte> piece, ref int at)
    {
        if (_matched == 0)
        {
            var bracket = piece[at..].IndexOf((byte)']');
            at = Past(piece, at, bracket);
            _matched = bracket < 0 ? (byte)0 : (byte)1;
            return false;
        }

        var next = piece[at++];
        if (next == '>' && _matched == 2)
        {
            return true;
        }

        _matched = next == ']' ? (byte)2 : (byte)0;
        return false;
    }

    private static int Past(ReadOnlySpan<byte> piece, int at, int found) => found < 0 ? piece.Length : at + found + 1;
}
