namespace Likeness.Xmpp.Xml;

public enum StreamEventKind
{
    /// <summary>The buffer holds no further whole event; what is unfinished has been examined.</summary>
    NeedMoreData,

    /// <summary>The <c>stream:stream</c> start tag.</summary>
    StreamOpened,

    /// <summary>A whole first-level element.</summary>
    Element,

    /// <summary>The <c>stream:stream</c> end tag.</summary>
    StreamClosed,
}

/// <param name="Element">The header or the first-level element.</param>
/// <param name="ContentNamespace">The header's default namespace, such as <c>jabber:client</c>.</param>
public readonly record struct StreamEvent(StreamEventKind Kind, Element? Element, string? ContentNamespace);
