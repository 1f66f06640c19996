using Likeness.Xmpp;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Xml;

namespace Likeness.Beside.Connections;

/// <summary>What the component says when it is asked: who it is, that it is there, and that it does nothing else.</summary>
internal sealed class OwnAnswers(BesideOptions options)
{
    /// <summary>Names the software in the capabilities of its presence (XEP-0115).</summary>
    public const string CapsNode = "urn:likeness:beside";

    private static readonly string[] Delegation = ["urn:xmpp:delegation:1:", "urn:xmpp:delegation:2:"];

    private static readonly DiscoInfo Info = new(
        [new DiscoIdentity("component", "generic", "Portraits")],
        [Ns.DiscoInfo, Ns.DiscoItems, Ns.Ping, Ns.Version, Ns.AvatarMetadata + "+notify"]);

    private static readonly string Verification = Xep0115EntityCapabilities.Verification(Info);

    /// <summary>The presence that asks a person's server for avatars, theirs and those to come (XEP-0163 §4.3).</summary>
    public Element Interest(string to) => new Element("presence", Ns.Client).Set("from", options.Name).Set("to", to)
        .Add(Xep0115EntityCapabilities.ToElement(CapsNode, Info));

    /// <summary>The answer to a request.</summary>
    public Element To(Element iq)
    {
        if (iq["type"] != "get" || iq["to"] != options.Name)
        {
            return Refusal(iq);
        }

        return iq.FirstChild() switch
        {
            { } query when query.Is("query", Ns.DiscoInfo) => Described(iq, query["node"]),
            { } query when query.Is("query", Ns.DiscoItems) => StanzaReply.Result(iq, new Element("query", Ns.DiscoItems)),
            { } ping when ping.Is("ping", Ns.Ping) => StanzaReply.Result(iq),
            { } query when query.Is("query", Ns.Version) => StanzaReply.Result(iq, new Element("query", Ns.Version).Add("name", "Likeness").Add("version", Version())),
            _ => Refusal(iq),
        };
    }

    private static Element Described(Element iq, string? node)
    {
        if (node is null || node == $"{CapsNode}#{Verification}")
        {
            return StanzaReply.Result(iq, Info.ToElement(node));
        }

        // XEP-0355 §7.2: the server asks what is to be said of delegated namespaces, and there are none.
        return Delegation.Any(prefix => node.StartsWith(prefix, StringComparison.Ordinal))
            ? StanzaReply.Result(iq, new DiscoInfo([], []).ToElement(node))
            : StanzaReply.Error(iq, StanzaCondition.ItemNotFound)!;
    }

    private static Element Refusal(Element iq) => StanzaReply.Error(iq, StanzaCondition.ServiceUnavailable)!;

    private static string Version() => typeof(OwnAnswers).Assembly.GetName().Version?.ToString(3) ?? "0";
}
