using System.Net;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Routing;

/// <summary>An iq get or set of a client that has not authenticated yet.</summary>
/// <param name="Payload">Its first child element.</param>
/// <param name="Domain">The domain the stream is for.</param>
/// <param name="Address">Where the client connects from, for rate limits.</param>
public sealed record EarlyIqRequest(Element Stanza, Element Payload, string Domain, IPAddress Address);
