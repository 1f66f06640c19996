using System.Buffers;
using System.Text;

namespace Likeness.Xmpp.Xml;

/// <summary>Writes elements as UTF-8. Namespaces are declared where they change; content never carries prefixes, except <c>stream:</c> for the stream namespace.</summary>
public static class ElementWriter
{
    private static readonly SearchValues<char> Escaped = SearchValues.Create("<>&'\"\t\n\r");

    /// <param name="scope">The default namespace in force where the element is written.</param>
    public static void Write(IBufferWriter<byte> output, Element element, string scope)
    {
        var prefix = element.Namespace == Ns.Streams ? "stream:" : "";
        output.Write("<"u8);
        Raw(output, prefix);
        Raw(output, element.Name);
        var inner = scope;
        if (prefix.Length == 0 && element.Namespace != scope)
        {
            inner = element.Namespace;
            output.Write(" xmlns='"u8);
            Text(output, inner, quoted: true);
            output.Write("'"u8);
        }

        var declared = 0;
        foreach (ref readonly var attribute in element.Attributes)
        {
            WriteAttribute(output, in attribute, ref declared);
        }

        if (element.Nodes.IsEmpty)
        {
            output.Write("/>"u8);
            return;
        }

        output.Write(">"u8);
        foreach (var node in element.Nodes)
        {
            if (node is Element child)
            {
                Write(output, child, inner);
            }
            else
            {
                Text(output, (string)node, quoted: false);
            }
        }

        output.Write("</"u8);
        Raw(output, prefix);
        Raw(output, element.Name);
        output.Write(">"u8);
    }

    /// <summary>The element as text; for storage and logs.</summary>
    public static string ToText(Element element, string scope = "")
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        Write(buffer, element, scope);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Writes an attribute value between the quotes, escaped.</summary>
    public static void WriteAttributeValue(IBufferWriter<byte> output, string value) => Text(output, value, quoted: true);

    private static void WriteAttribute(IBufferWriter<byte> output, in ElementAttribute attribute, ref int declared)
    {
        output.Write(" "u8);
        if (attribute.Namespace == Ns.Xml)
        {
            output.Write("xml:"u8);
        }
        else if (attribute.Namespace.Length > 0)
        {
            var prefix = $"n{declared++}";
            output.Write("xmlns:"u8);
            Raw(output, prefix);
            output.Write("='"u8);
            Text(output, attribute.Namespace, quoted: true);
            output.Write("' "u8);
            Raw(output, prefix);
            output.Write(":"u8);
        }

        Raw(output, attribute.Name);
        output.Write("='"u8);
        Text(output, attribute.Value, quoted: true);
        output.Write("'"u8);
    }

    private static void Raw(IBufferWriter<byte> output, ReadOnlySpan<char> text) => Encoding.UTF8.GetBytes(text, output);

    private static void Text(IBufferWriter<byte> output, ReadOnlySpan<char> text, bool quoted)
    {
        while (!text.IsEmpty)
        {
            var special = text.IndexOfAny(Escaped);
            if (special < 0)
            {
                Raw(output, text);
                return;
            }

            Raw(output, text[..special]);
            output.Write(Escape(text[special], quoted));
            text = text[(special + 1)..];
        }
    }

    // A literal tab or line break inside an attribute would be read back as a space; \r is folded everywhere (XML 1.0 §2.11, §3.3.3).
    private static ReadOnlySpan<byte> Escape(char character, bool quoted) => character switch
    {
        '<' => "&lt;"u8,
        '>' => "&gt;"u8,
        '&' => "&amp;"u8,
        '\'' => quoted ? "&apos;"u8 : "'"u8,
        '"' => quoted ? "&quot;"u8 : "\""u8,
        '\t' => quoted ? "&#9;"u8 : "\t"u8,
        '\n' => quoted ? "&#10;"u8 : "\n"u8,
        _ => "&#13;"u8,
    };
}
