using System.Security.Cryptography;
using System.Text;
using Likeness.Bench.Xmpp.Wire;

namespace Likeness.Bench.Xmpp.People;

/// <summary>What the driver's clients can do (XEP-0115): they want to be notified of avatars.</summary>
static class Caps
{
    const string node = "https://likeness.example/bench";

    static readonly string[] features =
    [
        "http://jabber.org/protocol/caps",
        "http://jabber.org/protocol/disco#info",
        "urn:xmpp:avatar:metadata",
        "urn:xmpp:avatar:metadata+notify",
    ];

    // XEP-0115 §5.1: identity, then the features in octet order, each closed by '<'.
    static readonly string version = Convert.ToBase64String(SHA1.HashData(Encoding.UTF8.GetBytes("client/pc//bench<" + string.Concat(features.Select(feature => feature + "<")))));

    static readonly byte[] answerTail = Encoding.UTF8.GetBytes(
        $"'><query xmlns='http://jabber.org/protocol/disco#info' node='{node}#{version}'><identity category='client' type='pc' name='bench'/>" +
        string.Concat(features.Select(feature => $"<feature var='{feature}'/>")) + "</query></iq>");

    public static readonly string Presence = $"<presence><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='{node}' ver='{version}'/></presence>";

    /// <summary>Answers a disco#info query; false when the stanza is none.</summary>
    public static bool Answer(XmppConnection connection, ReadOnlySpan<byte> stanza)
    {
        if (!Stanza.IsIq(stanza) || !Stanza.Attribute(stanza, " type="u8).SequenceEqual("get"u8) || !Stanza.Has(stanza, "disco#info"u8))
            return false;
        byte[] answer =
        [
            .. "<iq type='result' id='"u8, .. Stanza.Attribute(stanza, " id="u8),
            .. "' to='"u8, .. Stanza.Attribute(stanza, " from="u8),
            .. answerTail,
        ];
        connection.Send(answer);
        return true;
    }
}
