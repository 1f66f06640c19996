namespace Likeness.Xmpp.Xml;

/// <summary>Makes first-level elements of whole tokens; keeps nothing of them once they are handed out.</summary>
internal sealed class TreeBuilder(StreamLimits limits)
{
    private const int FewFrames = 8;

    // Between two stanzas nothing is open: thousands of quiet streams then keep no stack.
    [ThreadStatic]
    private static Frame[]? _spare;

    private readonly NamespaceScope _scope = new(limits.Namespaces);
    private Frame[] _open = [];
    private int _depth;
    private string? _content;
    private Phase _phase;

    private enum Phase : byte
    {
        Start,
        BeforeRoot,
        Open,
        Closed,
    }

    /// <summary>Nothing came yet, so an XML declaration may.</summary>
    public bool AtVeryStart => _phase == Phase.Start;

    /// <summary>The root is open.</summary>
    public bool IsOpen => _phase == Phase.Open;

    public bool IsBetweenElements => _depth == 0;

    public void Reset()
    {
        _scope.CutTo(0);
        Array.Clear(_open, 0, _depth);
        _depth = 0;
        _content = null;
        _phase = Phase.Start;
    }

    /// <summary>Begins as if a root with this default namespace were open already.</summary>
    public void OpenWithoutRoot(string scope)
    {
        if (scope.Length > 0)
        {
            _scope.Declare("", scope, 0);
        }

        _phase = Phase.Open;
    }

    public void SpaceBetweenElements() => _phase = _phase == Phase.Start ? Phase.BeforeRoot : _phase;

    public StreamErrorException StrayText(byte first) => _phase switch
    {
        Phase.Start when first is 0xFE or 0xFF or 0 => Malformed.Encoding(),
        Phase.Open => new StreamErrorException("bad-format", "Text between stanzas."),
        _ => Malformed.Xml("Text outside the root element."),
    };

    public StreamEvent Take(TokenKind kind, ReadOnlySpan<byte> token)
    {
        switch (kind)
        {
            case TokenKind.Text:
                _open[_depth - 1].Element.Add(CharacterText.Decode(token, CharacterText.Place.Content));
                return default;
            case TokenKind.StartTag:
                return Start(token);
            case TokenKind.EndTag:
                return End(token);
            case TokenKind.CharacterData:
                (_depth == 0 ? throw StrayText((byte)'<') : _open[_depth - 1].Element)
                    .Add(CharacterText.Decode(token["<![CDATA[".Length..^"]]>".Length], CharacterText.Place.CharacterData));
                return default;
            default:
                XmlDeclaration.Check(token);
                _phase = Phase.BeforeRoot;
                return default;
        }
    }

    private StreamEvent Start(ReadOnlySpan<byte> token)
    {
        if (_phase == Phase.Closed)
        {
            throw Malformed.Xml("Something follows the root element.");
        }

        if (_depth == limits.Depth)
        {
            throw Malformed.TooMuch("Nesting", limits.Depth);
        }

        var outer = _scope.Count;
        var tag = StartTag.Read(token, _scope, limits);
        if (_phase != Phase.Open)
        {
            return OpenRoot(tag);
        }

        if (_depth > 0)
        {
            _open[_depth - 1].Element.Add(tag.Element);
        }
        else if (_content is not null)
        {
            StreamHeader.CheckFirstLevel(tag.Element, _content);
        }

        if (!tag.IsEmpty)
        {
            Push(new Frame(tag.Element, tag.Prefix, outer));
            return default;
        }

        _scope.CutTo(outer);
        return _depth == 0 ? new StreamEvent(StreamEventKind.Element, tag.Element, null) : default;
    }

    private StreamEvent OpenRoot(StartTag tag)
    {
        _content = StreamHeader.Check(tag.Element, tag.Prefix, _scope);
        _phase = Phase.Open;
        return tag.IsEmpty
            ? throw new StreamErrorException("bad-format", "The stream is closed by its own header.")
            : new StreamEvent(StreamEventKind.StreamOpened, tag.Element, _content);
    }

    private StreamEvent End(ReadOnlySpan<byte> token)
    {
        var name = token[2..^1].TrimEnd(" \t\r\n"u8);
        if (_depth == 0)
        {
            _phase = _content is not null && _phase == Phase.Open && name.SequenceEqual("stream:stream"u8)
                ? Phase.Closed
                : throw Malformed.Xml("An end tag without start tag.");
            return new StreamEvent(StreamEventKind.StreamClosed, null, null);
        }

        ref var frame = ref _open[_depth - 1];
        var element = frame.Element;
        if (!XmlName.Matches(name, frame.Prefix, element.Name))
        {
            throw Malformed.Xml("An end tag does not match its start tag.");
        }

        _scope.CutTo(frame.OuterDeclarations);
        frame = default;
        if (--_depth > 0)
        {
            return default;
        }

        _spare = _open.Length > FewFrames ? _spare : _open;
        _open = [];
        return new StreamEvent(StreamEventKind.Element, element, null);
    }

    private void Push(Frame frame)
    {
        if (_depth == 0 && _open.Length == 0 && _spare is { } spare)
        {
            (_open, _spare) = (spare, null);
        }

        if (_depth == _open.Length)
        {
            Array.Resize(ref _open, Math.Max(FewFrames, _depth * 2));
        }

        _open[_depth++] = frame;
    }

    private readonly record struct Frame(Element Element, string Prefix, int OuterDeclarations);
}
