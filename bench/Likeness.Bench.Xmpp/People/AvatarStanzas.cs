namespace Likeness.Bench.Xmpp.People;

/// <summary>The two requests of a user avatar publication (XEP-0084 §3.1, §3.2).</summary>
static class AvatarStanzas
{
    public static string Data(string requestId, string base64, string pictureId) =>
        $"<iq type='set' id='{requestId}'><pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='urn:xmpp:avatar:data'><item id='{pictureId}'>" +
        $"<data xmlns='urn:xmpp:avatar:data'>{base64}</data></item></publish></pubsub></iq>";

    public static string Metadata(string requestId, string pictureId, AvatarPicture picture) =>
        $"<iq type='set' id='{requestId}'><pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='urn:xmpp:avatar:metadata'><item id='{pictureId}'>" +
        $"<metadata xmlns='urn:xmpp:avatar:metadata'><info bytes='{picture.Length}' id='{pictureId}' type='image/png' width='{picture.Side}' height='{picture.Side}'/></metadata>" +
        "</item></publish></pubsub></iq>";
}
