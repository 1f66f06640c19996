using System.Text;
using System.Xml;
using Likeness.Xmpp.Xml;

namespace Likeness.Cli.Importing;

/// <summary>Reads one element of a file into a tree, as far as it is not larger than it may be.</summary>
internal static class ElementReader
{
    private const int MaxDepth = 40;

    /// <summary>Moves behind the element in any case. Null: it has more characters, or is deeper, than it may.</summary>
    public static Element? Read(XmlReader reader, int maxCharacters)
    {
        var left = maxCharacters;
        var isKept = true;
        var open = new Stack<Element>();
        var start = reader.Depth;
        Element? root = null;
        do
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    isKept &= open.Count < MaxDepth;
                    var isEmpty = reader.IsEmptyElement;
                    var element = isKept ? Begin(reader, ref left) : null;
                    isKept &= left >= 0;
                    if (element is not null && isKept)
                    {
                        root ??= element;
                        if (open.TryPeek(out var parent))
                        {
                            parent.Add(element);
                        }

                        if (!isEmpty)
                        {
                            open.Push(element);
                        }
                    }

                    if (isEmpty && reader.Depth == start)
                    {
                        reader.Read();
                        return isKept ? root : null;
                    }

                    break;
                case XmlNodeType.EndElement:
                    if (isKept)
                    {
                        open.TryPop(out _);
                    }

                    if (reader.Depth == start)
                    {
                        reader.Read();
                        return isKept ? root : null;
                    }

                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace when isKept:
                    isKept = AddText(reader, open, ref left);
                    break;
            }
        }
        while (reader.Read());
        return null;
    }

    private static Element Begin(XmlReader reader, ref int left)
    {
        var element = new Element(reader.LocalName, reader.NamespaceURI);
        left -= reader.LocalName.Length + reader.NamespaceURI.Length + 2;
        for (var more = reader.MoveToFirstAttribute(); more; more = reader.MoveToNextAttribute())
        {
            if (reader.NamespaceURI != "http://www.w3.org/2000/xmlns/")
            {
                left -= reader.LocalName.Length + reader.Value.Length + 4;
                if (left >= 0)
                {
                    element.Set(reader.LocalName, reader.NamespaceURI, reader.Value);
                }
            }
        }

        reader.MoveToElement();
        return element;
    }

    // In pieces, so that no text of any length is in memory before it is counted.
    private static bool AddText(XmlReader reader, Stack<Element> open, ref int left)
    {
        if (!reader.CanReadValueChunk)
        {
            left -= reader.Value.Length;
            if (left >= 0 && open.TryPeek(out var whole))
            {
                whole.Add(reader.Value);
            }

            return left >= 0;
        }

        var text = new StringBuilder();
        var buffer = new char[4096];
        for (var count = reader.ReadValueChunk(buffer, 0, buffer.Length); count > 0 && left >= 0; count = left >= 0 ? reader.ReadValueChunk(buffer, 0, buffer.Length) : 0)
        {
            left -= count;
            text.Append(buffer, 0, count);
        }

        if (left >= 0 && open.TryPeek(out var parent))
        {
            parent.Add(text.ToString());
        }

        return left >= 0;
    }
}
