namespace Likeness.Xmpp.Xml;

/// <summary>An attribute; <paramref name="Namespace"/> is empty for the ordinary unprefixed kind. Namespace declarations are not attributes.</summary>
public readonly record struct ElementAttribute(string Name, string Namespace, string Value);
