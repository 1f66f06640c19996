namespace Likeness.Xmpp.Xml;

/// <summary>Reads one whole start tag: its name, its attributes, the namespaces it declares.</summary>
internal readonly ref struct StartTag
{
    [ThreadStatic]
    private static ElementAttribute[]? scratch;

    private StartTag(Element element, string prefix, bool isEmpty) => (Element, Prefix, IsEmpty) = (element, prefix, isEmpty);

    public Element Element { get; }

    public string Prefix { get; }

    /// <summary>The tag is its own end: <c>&lt;name/&gt;</c>.</summary>
    public bool IsEmpty { get; }

    /// <param name="tag">From <c>&lt;</c> to <c>&gt;</c>.</param>
    /// <param name="scope">Takes what the tag declares; the caller ends it with the element.</param>
    public static StartTag Read(ReadOnlySpan<byte> tag, NamespaceScope scope, StreamLimits limits)
    {
        var isEmpty = tag[^2] == '/';
        var rest = tag[1..^(isEmpty ? 2 : 1)];
        var length = XmlName.Length(rest);
        var (prefix, local) = XmlName.Read(rest[..length], limits.NameBytes);
        rest = rest[length..];
        if (rest.IsEmpty)
        {
            return new StartTag(new Element(local, scope.Resolve(prefix)), prefix, isEmpty);
        }

        var attributes = scratch ??= new ElementAttribute[64];
        var outer = scope.Count;
        var count = 0;
        try
        {
            while (SkipToAttribute(ref rest))
            {
                if (count + scope.Count - outer == limits.Attributes)
                {
                    throw Malformed.TooMuch("Attributes of an element", limits.Attributes);
                }

                if (count == attributes.Length)
                {
                    Array.Resize(ref attributes, count * 2);
                }

                var attribute = ReadAttribute(ref rest, limits.NameBytes);
                if (attribute is { Namespace: "", Name: "xmlns" })
                {
                    scope.Declare("", attribute.Value, outer);
                }
                else if (attribute.Namespace == "xmlns")
                {
                    scope.Declare(attribute.Name, attribute.Value, outer);
                }
                else
                {
                    attributes[count++] = attribute;
                }
            }

            ResolvePrefixes(attributes.AsSpan(0, count), scope);
            var element = new Element(local, scope.Resolve(prefix)).SetAll(attributes.AsSpan(0, count));
            return new StartTag(element, prefix, isEmpty);
        }
        finally
        {
            Array.Clear(attributes, 0, count);
        }
    }

    /// <summary>Moves to the next <c>name="value"</c>, also used for the declaration before the root; false at the end.</summary>
    public static bool SkipToAttribute(ref ReadOnlySpan<byte> rest)
    {
        var before = rest.Length;
        SkipSpace(ref rest);
        if (rest.Length == before && before > 0)
        {
            throw Malformed.Xml("White space is missing between attributes.");
        }

        return !rest.IsEmpty;
    }

    /// <summary>One attribute; its prefix stands where the namespace will.</summary>
    public static ElementAttribute ReadAttribute(ref ReadOnlySpan<byte> rest, int nameBytes)
    {
        var length = XmlName.Length(rest);
        var (prefix, local) = XmlName.Read(rest[..length], nameBytes);
        rest = rest[length..];
        SkipSpace(ref rest);
        if (rest is not [(byte)'=', ..])
        {
            throw Malformed.Xml("An attribute without value.");
        }

        rest = rest[1..];
        SkipSpace(ref rest);
        var close = rest is [(byte)'"' or (byte)'\'', ..] ? rest[1..].IndexOf(rest[0]) : -1;
        if (close < 0)
        {
            throw Malformed.Xml("An attribute value without quotes.");
        }

        var value = CharacterText.Decode(rest.Slice(1, close), CharacterText.Place.Attribute);
        rest = rest[(close + 2)..];
        return new ElementAttribute(local, prefix, value);
    }

    private static void ResolvePrefixes(Span<ElementAttribute> attributes, NamespaceScope scope)
    {
        for (var index = 0; index < attributes.Length; index++)
        {
            ref var attribute = ref attributes[index];
            if (attribute.Namespace.Length > 0)
            {
                attribute = attribute with { Namespace = scope.Resolve(attribute.Namespace) };
            }

            foreach (ref readonly var earlier in attributes[..index])
            {
                if (earlier.Name == attribute.Name && earlier.Namespace == attribute.Namespace)
                {
                    throw Malformed.Xml("An attribute is given twice.");
                }
            }
        }
    }

    private static void SkipSpace(ref ReadOnlySpan<byte> rest)
    {
        var space = rest.IndexOfAnyExcept(" \t\r\n"u8);
        rest = space < 0 ? [] : rest[space..];
    }
}
