using System.Buffers;
using System.Text;

namespace Likeness.Xmpp.Xml;

/// <summary>One element in one piece: the same scanner and tree builder without a stream around them.</summary>
internal static class SingleElement
{
    public static readonly StreamLimits DefaultLimits = new();

    public static Element Parse(ReadOnlySpan<byte> xml, string scope, StreamLimits limits)
    {
        var tree = new TreeBuilder(limits);
        tree.OpenWithoutRoot(scope);
        var scanner = default(TokenScanner);
        Element? whole = null;
        if (xml.StartsWith("<?xml"u8) && scanner.TryFinish(xml, declarationAllowed: true, out var declaration))
        {
            XmlDeclaration.Check(xml[..declaration]);
            xml = xml[declaration..];
        }

        xml = Trimmed(xml, tree);
        while (!xml.IsEmpty)
        {
            if (whole is not null || !scanner.TryFinish(xml, declarationAllowed: false, out var length))
            {
                throw Malformed.Xml("Not exactly one element.");
            }

            whole = tree.Take(scanner.Kind, xml[..length]).Element;
            xml = tree.IsBetweenElements ? Trimmed(xml[length..], tree) : xml[length..];
        }

        return whole ?? throw Malformed.Xml("Not exactly one element.");
    }

    public static Element Parse(string xml, string scope, StreamLimits? limits)
    {
        var rented = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(xml.Length));
        try
        {
            return Parse(rented.AsSpan(0, Encoding.UTF8.GetBytes(xml, rented)), scope, limits ?? DefaultLimits);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static ReadOnlySpan<byte> Trimmed(ReadOnlySpan<byte> xml, TreeBuilder tree)
    {
        var rest = xml.TrimStart(" \t\r\n"u8);
        return rest.IsEmpty || rest[0] == '<' ? rest : throw tree.StrayText(rest[0]);
    }
}
