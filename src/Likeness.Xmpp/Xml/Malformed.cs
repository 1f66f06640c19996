namespace Likeness.Xmpp.Xml;

/// <summary>The ways input can be refused by the reader (RFC 6120 §4.9.3, §11).</summary>
internal static class Malformed
{
    /// <summary>RFC 6120 §4.9.3.13.</summary>
    public static StreamErrorException Xml(string reason) => new("not-well-formed", reason);

    /// <summary>RFC 6120 §4.9.3.18: comments, processing instructions, document types, entities.</summary>
    public static StreamErrorException Restricted(string reason) => new("restricted-xml", reason);

    /// <summary>RFC 6120 §4.9.3.14: a bound of our own.</summary>
    public static StreamErrorException TooMuch(string what, int limit) => new("policy-violation", $"{what}: at most {limit}.");

    public static StreamErrorException Encoding() => new("unsupported-encoding", "Only UTF-8 is understood.");
}
