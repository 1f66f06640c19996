using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp;

/// <summary>Answers to stanzas: the same kind and id, addresses swapped (RFC 6120 §8.2.3, §8.3.1).</summary>
public static class StanzaReply
{
    /// <summary>An iq result.</summary>
    public static Element Result(Element iq, Element? payload) => Answer(iq, "result").Add(payload);

    /// <summary>An error answer. Never call it for a stanza that is an error itself.</summary>
    public static Element Error(Element stanza, StanzaErrorException error) =>
        Answer(stanza, "error").Add(error.ToElement(stanza.Namespace));

    private static Element Answer(Element stanza, string type) =>
        new Element(stanza.Name, stanza.Namespace)
            .Set("type", type)
            .Set("id", stanza["id"])
            .Set("from", stanza["to"])
            .Set("to", stanza["from"]);
}
