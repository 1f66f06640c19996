namespace Likeness.Xmpp.Xml;

/// <summary>What a stream header must be (RFC 6120 §4.8).</summary>
internal static class StreamHeader
{
    private static readonly string[] ContentNamespaces = [Ns.Client, Ns.Server, "jabber:component:accept"];

    /// <returns>The content namespace.</returns>
    public static string Check(Element header, string prefix, NamespaceScope scope)
    {
        if (prefix != "stream")
        {
            throw new StreamErrorException("bad-namespace-prefix", "The stream's prefix is 'stream'.");
        }

        if (header.Namespace != Ns.Streams)
        {
            throw new StreamErrorException("invalid-namespace", $"The stream's namespace is {Ns.Streams}.");
        }

        if (header.Name != "stream")
        {
            throw new StreamErrorException("bad-format", "The root element is stream:stream.");
        }

        var content = scope.Resolve("");
        return ContentNamespaces.Contains(content)
            ? content
            : throw new StreamErrorException("invalid-namespace", "The content namespace is not one of XMPP.");
    }

    /// <summary>A stanza must not come in another content namespace than the header's; other elements are not judged here.</summary>
    public static void CheckFirstLevel(Element element, string content)
    {
        if (element.Namespace != content && (ContentNamespaces.Contains(element.Namespace) || element.Namespace.Length == 0))
        {
            throw new StreamErrorException("invalid-namespace", $"The content namespace of this stream is {content}.");
        }
    }
}
