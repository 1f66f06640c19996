using System.Buffers;
using System.Text;

namespace Likeness.Xmpp.Xml;

/// <summary>
/// Writes elements as UTF-8. Namespaces are declared where they change; content carries no prefixes, except <c>stream:</c> and <c>db:</c> on first-level
/// elements of the namespaces of streams and of dialback, whose prefixes some servers take for their names. Characters that XML cannot carry are written as U+FFFD.
/// </summary>
public static class ElementWriter
{
    private const string NotXml =
        "\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u000B\u000C\u000E\u000F\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001A\u001B\u001C\u001D\u001E\u001F\uFFFE\uFFFF";

    private static readonly SearchValues<char> EscapedInText = SearchValues.Create("<>&\r" + NotXml);
    private static readonly SearchValues<char> EscapedInQuotes = SearchValues.Create("<>&'\"\t\n\r" + NotXml);

    private enum Prefix
    {
        None,
        Stream,
        DeclaredStream,
        Dialback,
        Xml,
    }

    /// <summary>Writes inside a stream, whose header has declared the prefix <c>stream</c>, and between servers <c>db</c>.</summary>
    /// <param name="scope">The default namespace in force where the element is written.</param>
    public static void Write(IBufferWriter<byte> output, Element element, string scope)
    {
        var bytes = new Utf8Output(output);
        Write(ref bytes, element, scope, Prefix.Stream);
        bytes.Flush();
    }

    /// <summary>Writes so that the element can stand alone, as in storage and in WebSocket messages: <c>stream</c> is declared where it is used.</summary>
    public static void WriteAlone(IBufferWriter<byte> output, Element element, string scope = "")
    {
        var bytes = new Utf8Output(output);
        Write(ref bytes, element, scope, Prefix.DeclaredStream);
        bytes.Flush();
    }

    /// <summary>The element as text that can stand alone; for storage and logs.</summary>
    public static string ToText(Element element, string scope = "")
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        WriteAlone(buffer, element, scope);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Writes an attribute value between the quotes, escaped.</summary>
    public static void WriteAttributeValue(IBufferWriter<byte> output, string value)
    {
        var bytes = new Utf8Output(output);
        Escaped(ref bytes, value, EscapedInQuotes);
        bytes.Flush();
    }

    private static void Write(ref Utf8Output output, Element element, string scope, Prefix forStream)
    {
        var prefix = element.Namespace switch
        {
            Ns.Streams => forStream,
            Ns.Dialback when forStream == Prefix.Stream => Prefix.Dialback,
            Ns.Xml => Prefix.Xml,
            _ => Prefix.None,
        };
        output.Byte((byte)'<');
        Name(ref output, element, prefix);
        var inner = scope;
        if (prefix == Prefix.DeclaredStream)
        {
            output.Bytes(" xmlns:stream='http://etherx.jabber.org/streams'"u8);
        }
        else if (prefix == Prefix.None && element.Namespace != scope)
        {
            inner = element.Namespace;
            output.Bytes(" xmlns='"u8);
            Escaped(ref output, inner, EscapedInQuotes);
            output.Byte((byte)'\'');
        }

        var declared = 0;
        foreach (ref readonly var attribute in element.Attributes)
        {
            Write(ref output, in attribute, ref declared);
        }

        if (element.Nodes.IsEmpty)
        {
            output.Bytes("/>"u8);
            return;
        }

        output.Byte((byte)'>');
        foreach (var node in element.Nodes)
        {
            if (node is Element child)
            {
                Write(ref output, child, inner, Prefix.None);
            }
            else
            {
                Escaped(ref output, (string)node, EscapedInText);
            }
        }

        output.Bytes("</"u8);
        Name(ref output, element, prefix);
        output.Byte((byte)'>');
    }

    // Nothing but the prefix 'xml' may stand for its namespace (Namespaces in XML 1.0 §3).
    private static void Name(ref Utf8Output output, Element element, Prefix prefix)
    {
        output.Bytes(prefix switch
        {
            Prefix.None => [],
            Prefix.Xml => "xml:"u8,
            Prefix.Dialback => "db:"u8,
            _ => "stream:"u8,
        });
        output.Text(element.Name);
    }

    private static void Write(ref Utf8Output output, in ElementAttribute attribute, ref int declared)
    {
        output.Byte((byte)' ');
        if (attribute.Namespace.Length > 0)
        {
            AttributePrefix(ref output, attribute.Namespace, ref declared);
        }

        output.Text(attribute.Name);
        output.Bytes("='"u8);
        Escaped(ref output, attribute.Value, EscapedInQuotes);
        output.Byte((byte)'\'');
    }

    private static void AttributePrefix(ref Utf8Output output, string ns, ref int declared)
    {
        if (ns == Ns.Xml)
        {
            output.Bytes("xml:"u8);
            return;
        }

        var prefix = $"n{declared++}";
        output.Bytes("xmlns:"u8);
        output.Text(prefix);
        output.Bytes("='"u8);
        Escaped(ref output, ns, EscapedInQuotes);
        output.Bytes("' "u8);
        output.Text(prefix);
        output.Byte((byte)':');
    }

    private static void Escaped(ref Utf8Output output, ReadOnlySpan<char> text, SearchValues<char> special)
    {
        while (true)
        {
            var plain = text.IndexOfAny(special);
            if (plain < 0)
            {
                output.Text(text);
                return;
            }

            output.Text(text[..plain]);
            output.Bytes(Escape(text[plain]));
            text = text[(plain + 1)..];
        }
    }

    // A literal tab or line break inside an attribute would be read back as a space; \r is folded everywhere (XML 1.0 §2.11, §3.3.3).
    private static ReadOnlySpan<byte> Escape(char character) => character switch
    {
        '<' => "&lt;"u8,
        '>' => "&gt;"u8,
        '&' => "&amp;"u8,
        '\'' => "&apos;"u8,
        '"' => "&quot;"u8,
        '\t' => "&#9;"u8,
        '\n' => "&#10;"u8,
        '\r' => "&#13;"u8,
        _ => "\uFFFD"u8,
    };
}
