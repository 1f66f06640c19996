using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp;

/// <summary>Answers to stanzas: addresses swapped, id kept (RFC 6120 §8.2.3, §8.3.1).</summary>
public static class StanzaReply
{
    /// <summary>Whether the stanza may be answered at all: results and errors never are.</summary>
    public static bool IsAnswerable(Element stanza) => stanza["type"] is not ("error" or "result");

    /// <summary>The error reply, or null when the stanza must not be answered.</summary>
    public static Element? Error(Element stanza, StanzaErrorException error) =>
        IsAnswerable(stanza) ? Swapped(stanza, "error").Add(error.ToElement(stanza.Namespace)) : null;

    /// <inheritdoc cref="Error(Element, StanzaErrorException)"/>
    public static Element? Error(Element stanza, StanzaCondition condition, string? text = null) =>
        Error(stanza, new StanzaErrorException(condition, text));

    /// <summary>The result of an <c>iq</c>, with the payload if there is one.</summary>
    public static Element Result(Element iq, Element? payload = null) => Swapped(iq, "result").Add(payload);

    /// <summary>The single child of an <c>iq</c> of type get or set.</summary>
    /// <exception cref="StanzaErrorException"><c>bad-request</c>: no id, an unknown type, or not exactly one child.</exception>
    public static Element Payload(Element iq)
    {
        if (iq["id"] is null or "" || iq["type"] is not ("get" or "set"))
        {
            throw new StanzaErrorException(StanzaCondition.BadRequest, "An iq has an id and the type get, set, result or error.");
        }

        Element? only = null;
        foreach (var node in iq.Nodes)
        {
            if (node is Element child)
            {
                only = only is null ? child : throw new StanzaErrorException(StanzaCondition.BadRequest, "An iq of type get or set has one child.");
            }
        }

        return only ?? throw new StanzaErrorException(StanzaCondition.BadRequest, "An iq of type get or set has one child.");
    }

    /// <summary>What an error stanza says; <c>undefined-condition</c> when it says nothing known.</summary>
    public static StanzaErrorException ReadError(Element stanza)
    {
        var error = stanza.Child("error");
        var condition = error?.FirstOrDefault(child => child.Namespace == Ns.StanzaErrors && child.Name != "text");
        var detail = error?.FirstOrDefault(child => child.Namespace != Ns.StanzaErrors);
        var type = error?["type"] ?? "cancel";
        return new StanzaErrorException(new StanzaCondition(condition?.Name ?? "undefined-condition", type), error?.Child("text", Ns.StanzaErrors)?.Text(), detail);
    }

    private static Element Swapped(Element stanza, string type) =>
        new Element(stanza.Name, stanza.Namespace).Set("from", stanza["to"]).Set("to", stanza["from"]).Set("id", stanza["id"]).Set("type", type);
}
