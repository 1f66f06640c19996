using System.Text;
using System.Xml;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Tests.Xml;

/// <summary>The same question put to System.Xml: what tree is this, if any that XMPP allows?</summary>
internal static class SystemXml
{
    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        ConformanceLevel = ConformanceLevel.Document,
        CheckCharacters = true,
    };

    /// <summary>The element, or null where System.Xml refuses or meets what RFC 6120 §11.1 forbids.</summary>
    public static Element? Parse(byte[] xml)
    {
        try
        {
            // Decoded here because XmlReader replaces invalid UTF-8 in some places and guesses encodings by the first bytes.
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(xml);
            using var reader = XmlReader.Create(new StringReader(text), Settings);
            return Read(reader);
        }
        catch (Exception exception) when (exception is XmlException or ArgumentException)
        {
            return null;
        }
    }

    private static Element? Read(XmlReader reader)
    {
        var open = new Stack<Element>();
        Element? root = null;
        while (reader.Read())
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    var element = Element(reader);
                    root ??= element;
                    if (open.TryPeek(out var parent))
                    {
                        parent.Add(element);
                    }

                    if (!reader.IsEmptyElement)
                    {
                        open.Push(element);
                    }

                    break;
                case XmlNodeType.EndElement:
                    open.Pop();
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace:
                    (open.TryPeek(out var inside) ? inside : null)?.Add(reader.Value);
                    break;
                case XmlNodeType.XmlDeclaration when IsOurs(reader):
                    break;
                default:
                    return null;
            }
        }

        return root;
    }

    // System.Xml lets rubbish behind the version pass; the grammar does not (XML 1.0 §2.8).
    private static bool IsOurs(XmlReader reader) => reader.GetAttribute("version") == "1.0" && reader.GetAttribute("encoding") is null or "utf-8" or "UTF-8";

    private static Element Element(XmlReader reader)
    {
        var element = new Element(reader.LocalName, reader.NamespaceURI);
        var attributes = new List<ElementAttribute>();
        for (var index = 0; index < reader.AttributeCount; index++)
        {
            reader.MoveToAttribute(index);
            if (reader.NamespaceURI != "http://www.w3.org/2000/xmlns/")
            {
                attributes.Add(new ElementAttribute(reader.LocalName, reader.NamespaceURI, reader.Value));
            }
        }

        reader.MoveToElement();
        return element.SetAll(attributes.ToArray());
    }
}
