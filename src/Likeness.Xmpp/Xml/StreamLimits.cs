namespace Likeness.Xmpp.Xml;

/// <summary>Bounds enforced while reading.</summary>
public sealed record StreamLimits
{
    /// <summary>Bytes of one first-level element before authentication.</summary>
    public int StanzaBytesBeforeAuthentication { get; init; } = 10_000;

    /// <summary>Bytes of one first-level element after authentication.</summary>
    public int StanzaBytes { get; init; } = 512 * 1024;

    /// <summary>Nesting below the stream root.</summary>
    public int Depth { get; init; } = 48;

    /// <summary>Attributes of one element, namespace declarations included.</summary>
    public int Attributes { get; init; } = 64;

    /// <summary>Namespace declarations in force at one place, the stream header's included.</summary>
    public int Namespaces { get; init; } = 64;

    /// <summary>Bytes of one name.</summary>
    public int NameBytes { get; init; } = 1024;
}
