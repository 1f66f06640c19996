using System.Reflection;

namespace Likeness.Xmpp.Xml;

/// <summary>Names, values and namespaces that appear again and again on XMPP streams.</summary>
internal static class Words
{
    private const string Core =
        "stream features xml xmlns version lang id to from type iq message presence get set result error "
        + "subscribe subscribed unsubscribe unsubscribed unavailable probe chat groupchat headline normal available away xa dnd show status priority "
        + "body subject thread starttls required optional proceed failure mechanisms mechanism auth challenge response success abort text "
        + "bind resource jid session query item group subscription ask approved name ver both none remove "
        + "bad-request conflict feature-not-implemented forbidden gone internal-server-error item-not-found jid-malformed not-acceptable "
        + "not-allowed not-authorized policy-violation recipient-unavailable redirect registration-required remote-server-not-found "
        + "remote-server-timeout resource-constraint service-unavailable subscription-required undefined-condition unexpected-request "
        + "by code cancel modify continue wait handshake db key true false yes no 0 1 1.0 en";

    private const string Extensions =
        "x field value var label option instructions title form submit hidden boolean text-single text-multi text-private jid-single jid-multi list-single "
        + "list-multi fixed identity feature category node hash sha-1 sha-256 ext c pubsub items publish publish-options event retract purge delete create "
        + "configure default subscriptions affiliations affiliation owner max_items notify metadata data info bytes width height url info image/png "
        + "image/jpeg image/webp image/gif current vCard FN N NICKNAME PHOTO TYPE BINVAL EXTVAL EMAIL USERID URL BDAY ORG ORGNAME ORGUNIT TITLE ROLE DESC "
        + "FAMILY GIVEN MIDDLE TEL NUMBER ADR photo delay stamp ping history maxchars maxstanzas seconds since password reason actor destroy invite decline "
        + "role participant moderator visitor member outcast admin nick active inactive composing paused received request sent forwarded private enable "
        + "enabled disable resume resumed r a h max origin-id stanza-id occupant-id markable store no-store no-copy no-permanent-store set first last count "
        + "after before index fin complete stable start end with storage conference autojoin list block unblock blocked open close software os "
        + "client pc phone web bot account registered pep service FORM_TYPE limits max-bytes idle-seconds channel-binding sasl-channel-binding";

    private const string Namespaces =
        "jabber:component:accept urn:xmpp:sm:3 urn:xmpp:csi:0 urn:xmpp:carbons:2 urn:xmpp:mam:2 urn:xmpp:forward:0 urn:xmpp:hints urn:xmpp:sid:0 "
        + "urn:xmpp:receipts urn:xmpp:chat-markers:0 urn:xmpp:occupant-id:0 urn:xmpp:bookmarks:1 storage:bookmarks urn:xmpp:ping urn:xmpp:time "
        + "http://jabber.org/protocol/chatstates http://jabber.org/protocol/rsm http://jabber.org/protocol/nick http://jabber.org/protocol/muc#owner "
        + "http://jabber.org/protocol/muc#admin jabber:iq:last jabber:iq:auth jabber:x:conference jabber:x:oob jabber:server:dialback "
        + "urn:xmpp:features:dialback urn:ietf:params:xml:ns:xmpp-framing urn:xmpp:avatar:metadata+notify";

    public static IEnumerable<string> All =>
        $"{Core} {Extensions} {Namespaces}".Split(' ').Concat(
            typeof(Ns).GetFields(BindingFlags.Public | BindingFlags.Static).Select(constant => (string)constant.GetRawConstantValue()!));
}
