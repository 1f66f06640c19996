namespace Likeness.Xmpp.Xml;

/// <summary>The declaration that may stand before the root: version 1.0, UTF-8 if it says so.</summary>
internal static class XmlDeclaration
{
    private static readonly string[] Order = ["version", "encoding", "standalone"];

    /// <param name="token">From <c>&lt;?</c> to <c>?&gt;</c>.</param>
    public static void Check(ReadOnlySpan<byte> token)
    {
        if (!token.StartsWith("<?xml"u8) || token[5] is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n'))
        {
            throw Malformed.Restricted("Processing instructions are not allowed.");
        }

        var rest = token[5..^2];
        var next = 0;
        while (StartTag.SkipToAttribute(ref rest))
        {
            var part = StartTag.ReadAttribute(ref rest, nameBytes: 16);
            var place = Array.IndexOf(Order, part.Name);
            if (part.Namespace.Length > 0 || place < next || (next == 0 && place != 0))
            {
                throw Malformed.Xml("The XML declaration is malformed.");
            }

            CheckValue(place, part.Value);
            next = place + 1;
        }

        if (next == 0)
        {
            throw Malformed.Xml("The XML declaration is without version.");
        }
    }

    private static void CheckValue(int place, string value)
    {
        switch (place)
        {
            case 0 when value != "1.0":
                throw Malformed.Xml("Only XML 1.0 is understood.");
            case 1 when !value.Equals("UTF-8", StringComparison.OrdinalIgnoreCase):
                throw Malformed.Encoding();
            case 2 when value is not ("yes" or "no"):
                throw Malformed.Xml("The XML declaration is malformed.");
        }
    }
}
