using System.Net;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Connections;

/// <summary>What the layers above put into the negotiation of client streams, filled once at start.</summary>
internal sealed class StreamExtensions
{
    /// <summary>Elements of stream features offered to an authenticated, unbound stream.</summary>
    public List<Func<Element>> Features { get; } = [];

    /// <summary>What may be switched on with the binding of a resource (XEP-0386), by the names that are announced. Empty: no resource is bound in that way.</summary>
    public List<string> Inline { get; } = [];

    /// <summary>Elements of stream features offered before authentication, once the stream is secured.</summary>
    public List<Func<Element>> EarlyFeatures { get; } = [];

    /// <summary>Answers iqs of a stream that is not authenticated yet (XEP-0077), by namespace of the payload.</summary>
    public Dictionary<string, Func<EarlyIqRequest, ValueTask<Element?>>> EarlyIqs { get; } = new(StringComparer.Ordinal);
}

/// <summary>An iq get or set of a client that has not authenticated yet.</summary>
/// <param name="Payload">Its first child element.</param>
/// <param name="Domain">The domain the stream is for.</param>
/// <param name="Address">Where the client connects from, for rate limits.</param>
/// <param name="Talk">What was said on the stream before.</param>
internal sealed record EarlyIqRequest(Element Stanza, Element Payload, string Domain, IPAddress Address, EarlyTalk Talk);

/// <summary>What a client said on its stream before it has authenticated.</summary>
internal sealed class EarlyTalk
{
    /// <summary>The text of an invitation that was good (XEP-0445), and the name it is for; null: for any.</summary>
    public (string Token, string? Name)? Invitation { get; set; }
}
