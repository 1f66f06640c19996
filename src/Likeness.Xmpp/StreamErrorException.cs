using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp;

/// <summary>Ends a stream with a stream error (RFC 6120 §4.9).</summary>
/// <param name="condition">A condition of §4.9.3, such as <c>not-well-formed</c>.</param>
public sealed class StreamErrorException(string condition, string? text = null) : Exception(text ?? condition)
{
    public string Condition { get; } = condition;

    /// <summary>What an extension says beside the condition (§4.9.4), or null.</summary>
    public Element? Detail { get; init; }

    /// <summary>Where a server sends its client instead, as it says it (<c>see-other-host</c>, §4.9.3.19); null: nowhere, or it was said where anybody on the way could have.</summary>
    public string? Elsewhere { get; init; }

    /// <summary>The <c>stream:error</c> element.</summary>
    public Element ToElement()
    {
        var error = new Element("error", Ns.Streams).Add(new Element(Condition, Ns.StreamErrors));
        if (text is not null)
        {
            error.Add(new Element("text", Ns.StreamErrors).Set("lang", Ns.Xml, "en").Add(text));
        }

        return error.Add(Detail);
    }
}
