using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Sasl;

/// <summary>Text of <c>auth</c>, <c>challenge</c>, <c>response</c> and <c>success</c>: strict base64, <c>=</c> for no bytes (RFC 6120 §6.4).</summary>
public static class SaslContent
{
    /// <summary>False → <c>incorrect-encoding</c>. An element without text gives null.</summary>
    public static bool TryRead(Element element, out byte[]? data)
    {
        data = null;
        switch (element.Text())
        {
            case "":
                return true;
            case "=":
                data = [];
                return true;
            case var text:
                return StrictBase64.TryDecode(text, out data);
        }
    }

    /// <summary>An element with this content; null leaves it empty.</summary>
    public static Element Write(string name, byte[]? data)
    {
        var element = new Element(name, Ns.Sasl);
        return data is null ? element : element.Add(data.Length == 0 ? "=" : Convert.ToBase64String(data));
    }
}
