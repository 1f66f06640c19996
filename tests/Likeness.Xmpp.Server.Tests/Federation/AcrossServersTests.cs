using System.Security.Cryptography;
using Likeness.Xmpp.Server.Tests.Play;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Tests.Federation;

/// <summary>What people of one server are to each other, they are across two as well.</summary>
public sealed class AcrossServersTests
{
    private const string Juliet = $"juliet@{TwoServers.Here}";
    private const string Romeo = $"romeo@{TwoServers.There}";
    private const string Png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=";
    private static readonly string Id = Convert.ToHexStringLower(SHA1.HashData(Convert.FromBase64String(Png)));

    [Fact]
    [Trait("Requirement", "F-22")]
    public async Task A_subscription_shows_presence_until_it_ends()
    {
        await using var both = await TwoServers.Start();
        var juliet = await both.ComeOnline("juliet", TwoServers.Here);
        var romeo = await both.ComeOnline("romeo", TwoServers.There);
        await Befriend(juliet, romeo);

        await juliet.Send("<presence><show>away</show></presence>");
        (await romeo.Until(stanza => stanza.Child("show") is not null))["from"].ShouldBe(juliet.Jid);
        await romeo.HangUp();
        (await juliet.Until(stanza => stanza["type"] == "unavailable"))["from"].ShouldBe(romeo.Jid);

        // Who comes back hears who is there: the other server is asked.
        romeo = await both.ComeOnline("romeo", TwoServers.There, isAvailable: false);
        await romeo.Send("<presence/>");
        (await romeo.Until(stanza => stanza["from"] == juliet.Jid)).Child("show")!.Text().ShouldBe("away");

        await juliet.Send($"<presence to='{Romeo}' type='unsubscribed'/>");
        await romeo.Until(stanza => stanza["type"] == "unsubscribed");
        await romeo.Until(stanza => stanza["type"] == "unavailable" && stanza["from"] == juliet.Jid);
    }

    [Fact]
    [Trait("Requirement", "F-22")]
    [Trait("Requirement", "X84-45")]
    public async Task A_contact_elsewhere_is_notified_of_a_new_picture_and_reads_it_as_long_as_it_may()
    {
        await using var both = await TwoServers.Start();
        var juliet = await both.ComeOnline("juliet", TwoServers.Here);
        var romeo = await both.ComeOnline("romeo", TwoServers.There);
        var tybalt = await both.ComeOnline("tybalt", TwoServers.There);
        await Befriend(juliet, romeo);

        await romeo.Send("<presence><c xmlns='http://jabber.org/protocol/caps' node='urn:example:client' ver='1'/></presence>");
        await Publish(juliet, "presence");
        var asked = await romeo.Until(stanza => stanza.Name == "iq" && stanza["type"] == "get" && stanza["from"] == Juliet);
        await romeo.Send($"<iq type='result' id='{asked["id"]}' to='{asked["from"]}'><query xmlns='{Ns.DiscoInfo}' node='urn:example:client#1'><identity category='client' type='pc'/><feature var='{Ns.AvatarMetadata}+notify'/></query></iq>");

        // The last one, because it came before anybody knew that it was wanted.
        var told = await romeo.Until(stanza => stanza.Name == "message");
        told["from"].ShouldBe(Juliet);
        told.Child("event", Ns.PubSubEvent)!.FirstChild()!.FirstChild()!["id"].ShouldBe(Id);
        (await Read(romeo)).ShouldBe("result");
        (await Read(tybalt)).ShouldBe("error");

        await juliet.Send($"<iq type='set' id='off'><pubsub xmlns='{Ns.PubSub}'><publish node='{Ns.AvatarMetadata}'><item><metadata xmlns='{Ns.AvatarMetadata}'/></item></publish></pubsub></iq>");
        told = await romeo.Until(stanza => stanza.Name == "message");
        told.Child("event", Ns.PubSubEvent)!.FirstChild()!.FirstChild()!.FirstChild()!.FirstChild().ShouldBeNull();
    }

    [Fact]
    [Trait("Requirement", "C-151")]
    public async Task Nothing_comes_from_a_server_that_somebody_blocks()
    {
        await using var both = await TwoServers.Start();
        var juliet = await both.ComeOnline("juliet", TwoServers.Here);
        var romeo = await both.ComeOnline("romeo", TwoServers.There);
        await juliet.Send($"<iq type='set' id='b'><block xmlns='{Ns.Blocking}'><item jid='{TwoServers.There}'/></block></iq>");
        await juliet.Until(stanza => stanza["id"] == "b");

        await romeo.Send($"<message to='{Juliet}' type='chat' id='1'><body>Wilt thou leave me so unsatisfied?</body></message>");

        var refused = await romeo.Until(stanza => stanza["id"] == "1");
        (refused["type"], refused["from"]).ShouldBe(("error", Juliet));
        refused.Child("error")!.Child("service-unavailable", Ns.StanzaErrors).ShouldNotBeNull();
        await juliet.Fence();
        juliet.Kept.ShouldBeEmpty();
    }

    private static async Task Befriend(Actor juliet, Actor romeo)
    {
        await juliet.Send($"<presence to='{Romeo}' type='subscribe'/>");
        await romeo.Until(stanza => stanza["type"] == "subscribe");
        await romeo.Send($"<presence to='{Juliet}' type='subscribed'/><presence to='{Juliet}' type='subscribe'/>");
        await juliet.Until(stanza => stanza["type"] == "subscribe");
        await juliet.Send($"<presence to='{Romeo}' type='subscribed'/>");
        (await romeo.Until(stanza => stanza["from"] == juliet.Jid))["type"].ShouldBeNull();
    }

    private static async Task Publish(Actor actor, string access)
    {
        var options = $"<publish-options><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE' type='hidden'><value>http://jabber.org/protocol/pubsub#publish-options</value></field><field var='pubsub#access_model'><value>{access}</value></field></x></publish-options>";
        await actor.Send($"<iq type='set' id='data'><pubsub xmlns='{Ns.PubSub}'><publish node='{Ns.AvatarData}'><item id='{Id}'><data xmlns='{Ns.AvatarData}'>{Png}</data></item></publish>{options}</pubsub></iq>");
        (await actor.Until(stanza => stanza["id"] == "data"))["type"].ShouldBe("result");
        await actor.Send($"<iq type='set' id='meta'><pubsub xmlns='{Ns.PubSub}'><publish node='{Ns.AvatarMetadata}'><item id='{Id}'><metadata xmlns='{Ns.AvatarMetadata}'><info id='{Id}' bytes='{Convert.FromBase64String(Png).Length}' type='image/png' width='1' height='1'/></metadata></item></publish>{options}</pubsub></iq>");
        (await actor.Until(stanza => stanza["id"] == "meta"))["type"].ShouldBe("result");
    }

    private static async Task<string?> Read(Actor actor)
    {
        await actor.Send($"<iq type='get' id='read' to='{Juliet}'><pubsub xmlns='{Ns.PubSub}'><items node='{Ns.AvatarData}'><item id='{Id}'/></items></pubsub></iq>");
        return (await actor.Until(stanza => stanza["id"] == "read"))["type"];
    }
}
