using System.Collections.Frozen;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Features;

/// <summary>
/// XEP-0352 Client State Indication 1.0.0: while nobody looks at a client it is not woken by presence, chat states and the like. These wait, the newest of
/// each kind, and leave in their order before whatever matters; what is said in rooms waits half a minute, unless the user is named.
/// </summary>
internal sealed class Xep0352ClientState : IFeature
{
    // What nobody misses who does not look.
    private static readonly FrozenSet<string> Passing = new[]
    {
        "http://jabber.org/protocol/chatstates", "jabber:x:event", "urn:xmpp:receipts", "urn:xmpp:chat-markers:0", "urn:xmpp:sid:0", "urn:xmpp:occupant-id:0",
        "http://jabber.org/protocol/nick", Ns.Delay, Ns.Hints, Ns.PubSubEvent, "http://jabber.org/protocol/address",
    }.ToFrozenSet(StringComparer.Ordinal);

    public void Register(FeatureRegistry registry)
    {
        registry.StreamFeatures.Add(static () => new Element("csi", Ns.ClientState));
        registry.StreamElements.Add(Ns.ClientState, Switch);
        registry.Inline.Add(Ns.ClientState, static (session, element) =>
        {
            Switch(session, element);
            return null;
        });
    }

    private static void Switch(Session session, Element element) =>
        session.Outbox.Hold(element.Name == "inactive" ? stanza => UrgencyFor(session, stanza) : null);

    // The same for everybody, but for who is named in a room.
    private static Urgency UrgencyFor(Session session, PreparedStanza stanza)
    {
        stanza.Urgency ??= UrgencyOf(stanza.ToElement([]));
        return stanza.Urgency == Urgency.Soon && IsNamed(session, stanza.ToElement([])) ? Urgency.Now : stanza.Urgency.Value;
    }

    private static Urgency UrgencyOf(Element stanza) => (stanza.Name, stanza["type"]) switch
    {
        ("presence", null or "unavailable") => Urgency.Later,
        ("message", "error") => Urgency.Now,
        ("message", _) => UrgencyOfMessage(stanza),
        _ => Urgency.Now,
    };

    private static Urgency UrgencyOfMessage(Element message)
    {
        if (message.Child("sent", Ns.Carbons) is not null)
        {
            return Urgency.Later;
        }

        if (message.Child("received", Ns.Carbons)?.Child("forwarded", Ns.Forward)?.Child("message", Ns.Client) is { } copied)
        {
            return UrgencyOfMessage(copied);
        }

        var matters = message.Any(child => !Passing.Contains(child.Namespace) && !child.Is("thread", Ns.Client));
        var isTalk = message["type"] == "groupchat" && message.Child("body") is not null && message.Child("subject") is null;
        return isTalk ? Urgency.Soon : matters ? Urgency.Now : Urgency.Later;
    }

    private static bool IsNamed(Session session, Element talk) =>
        session.HasDirected
        && Jid.TryParse(talk["from"], out var room)
        && session.Directed.NamesIn(room) is { Length: > 0 } names
        && talk.Child("body")!.Text() is var words
        && Array.Exists(names, name => words.Contains(name, StringComparison.OrdinalIgnoreCase));
}
