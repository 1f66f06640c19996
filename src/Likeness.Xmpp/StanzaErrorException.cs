using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp;

/// <summary>Ends the handling of a stanza with a stanza error; the router turns it into the reply, in one place.</summary>
/// <param name="text">For people: the reason and, where one was exceeded, the limit.</param>
/// <param name="detail">Application-specific condition, such as <c>payload-too-big</c> of XEP-0060.</param>
/// <param name="type">Replaces the condition's usual type.</param>
public sealed class StanzaErrorException(StanzaCondition condition, string? text = null, Element? detail = null, string? type = null)
    : Exception(text ?? condition.Name)
{
    public StanzaCondition Condition { get; } = condition;

    /// <summary>The application-specific condition, or null.</summary>
    public Element? Detail { get; } = detail;

    /// <summary>The <c>error</c> child of the reply (RFC 6120 §8.3.2).</summary>
    public Element ToElement(string ns = Ns.Client)
    {
        var error = new Element("error", ns).Set("type", type ?? Condition.Type).Add(new Element(Condition.Name, Ns.StanzaErrors));
        if (text is not null)
        {
            error.Add(new Element("text", Ns.StanzaErrors).Set("lang", Ns.Xml, "en").Add(text));
        }

        return error.Add(Detail);
    }
}
