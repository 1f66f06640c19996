using System.Text;

namespace Likeness.Xmpp.Tests.Xml;

/// <summary>Makes XML that is nearly always right and then spoils some of it.</summary>
internal sealed class XmlFuzz(int seed)
{
    private static readonly string[] Names = ["a", "iq", "message", "b-c", "_x", "é", "p:a", "q:iq", "x.1", "名", "photo"];
    private static readonly string[] AttributeNames = ["id", "type", "p:t", "q:t", "xml:lang", "é", "to", "xmlns", "xmlns:p", "xmlns:q"];
    private static readonly string[] Namespaces = ["urn:p", "urn:q", "jabber:client", "vcard-temp", "http://jabber.org/protocol/pubsub", ""];
    private static readonly string[] Texts =
        ["x", "a b", "\n\t ", "\r\n", "\r", "&amp;", "&lt;&gt;", "&quot;&apos;", "&#65;", "&#x1F339;", "&#13;", "é", "名前", "\U0001F339", "]", "]]", ">", "\uFFFD", "\uFEFF", "QUJD\nREVG", "\u007F\u0085"];

    private static readonly string[] Pieces =
        ["<", ">", "/", "&", ";", "'", "\"", "=", "]]>", "<![CDATA[", "<!--x-->", "<?x y?>", "&x;", "&#0;", "&#xD800;", "\u0001", "\uFFFE", " ", "xmlns='u'", "xmlns:p=''", "p:", ":", "1", "-", "</a>", "<a/>", "&#x;", "<!DOCTYPE a>"];

    private readonly Random _random = new(seed);

    public string Document()
    {
        var text = new StringBuilder();
        text.Append(Chance(8) ? Pick(["<?xml version='1.0'?>", "<?xml version=\"1.0\" encoding='utf-8' ?>\n", "<?xml version='1.0' standalone='yes'?>", " \n"]) : "");
        Element(text, 0, root: true);
        return text.Append(Chance(8) ? "\n" : "").ToString();
    }

    public byte[] Spoil(string document)
    {
        var text = document;
        for (var times = _random.Next(3); times > 0; times--)
        {
            var at = _random.Next(text.Length + 1);
            text = _random.Next(3) switch
            {
                0 => text.Insert(at, Pick(Pieces)),
                1 when at < text.Length => text.Remove(at, Math.Min(1 + _random.Next(3), text.Length - at)),
                _ => text.Insert(at, text.Substring(_random.Next(text.Length), 1)),
            };
            if (text.Length == 0)
            {
                break;
            }
        }

        var bytes = Encoding.UTF8.GetBytes(text);
        if (Chance(10) && bytes.Length > 0)
        {
            bytes[_random.Next(bytes.Length)] = (byte)_random.Next(256);
        }

        return bytes;
    }

    public int Next(int below) => _random.Next(below);

    private void Element(StringBuilder text, int depth, bool root)
    {
        var name = Pick(Names);
        text.Append('<').Append(name);
        if (root || Chance(20))
        {
            text.Append(" xmlns:p='urn:p' xmlns:q='").Append(Chance(4) ? "urn:p" : "urn:q").Append('\'');
        }

        for (var count = Chance(3) ? _random.Next(4) : 0; count > 0; count--)
        {
            Attribute(text, root);
        }

        text.Append(Pick(["", "", "", " ", "\n"]));
        if (Chance(4))
        {
            text.Append("/>");
            return;
        }

        text.Append('>');
        for (var count = _random.Next(4); count > 0; count--)
        {
            Content(text, depth);
        }

        text.Append("</").Append(name).Append(Chance(10) ? " " : "").Append('>');
    }

    private void Attribute(StringBuilder text, bool root)
    {
        var name = Pick(AttributeNames);
        var quote = Chance(2) ? '"' : '\'';
        var value = name.StartsWith("xmlns", StringComparison.Ordinal) ? Pick(Namespaces) : Pick(Texts) + (Chance(3) ? Pick(Texts) : "");
        name = root && name.StartsWith("xmlns:", StringComparison.Ordinal) ? "xmlns:r" : name;
        text.Append(Pick([" ", "  ", "\n"])).Append(name).Append(Chance(10) ? " = " : "=").Append(quote).Append(value).Append(quote);
    }

    private void Content(StringBuilder text, int depth)
    {
        switch (_random.Next(4))
        {
            case 0 when depth < 6:
            case 1 when depth < 6:
                Element(text, depth + 1, root: false);
                break;
            case 2 when Chance(4):
                text.Append("<![CDATA[").Append(Pick(["", "x", "<a>&amp;", "]", "]]", "\r\n", "é"])).Append("]]>");
                break;
            default:
                text.Append(Pick(Texts));
                break;
        }
    }

    private bool Chance(int oneIn) => _random.Next(oneIn) == 0;

    private string Pick(string[] from) => from[_random.Next(from.Length)];
}
