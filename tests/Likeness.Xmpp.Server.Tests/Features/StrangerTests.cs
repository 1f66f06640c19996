using Likeness.Stores;
using Likeness.Xmpp.Sasl;
using Likeness.Xmpp.Server.Tests.Hosting;
using Likeness.Xmpp.Server.Tests.Play;
using Likeness.Xmpp.Server.Tests.Streams;

namespace Likeness.Xmpp.Server.Tests.Features;

/// <summary>Whatever a stranger asks, an account that shows nothing, a portrait nobody may see and somebody who blocks the stranger answer like an address that does not exist (RFC 6120 §13.11; XEP-0030 §8; XEP-0054 §3.3).</summary>
public sealed class StrangerTests
{
    private const string PubSub = "http://jabber.org/protocol/pubsub";
    private static readonly string[] Asked = ["nobody@localhost", "bare@localhost", "hidden@localhost", "blocking@localhost", "closed@localhost"];

    private static IEnumerable<(string Type, string Payload)> Questions()
    {
        foreach (var node in (string[])["", " node=''", $" node='{Ns.AvatarMetadata}'", " node='urn:example:kept'", " node='urn:example:none'", $" node='{new string('n', 2000)}'"])
        {
            yield return ("get", $"<query xmlns='{Ns.DiscoInfo}'{node}/>");
            yield return ("get", $"<query xmlns='{Ns.DiscoItems}'{node}/>");
            yield return ("get", $"<query xmlns='{Ns.DiscoItems}'{node}><set xmlns='http://jabber.org/protocol/rsm'><max>5</max></set></query>");
            yield return ("get", $"<pubsub xmlns='{PubSub}'><items{node}/></pubsub>");
            yield return ("get", $"<pubsub xmlns='{PubSub}'><items{node}/><set xmlns='http://jabber.org/protocol/rsm'><max>5</max></set></pubsub>");
            yield return ("get", $"<pubsub xmlns='{PubSub}'><items{node}><item id='1'/></items></pubsub>");
            yield return ("get", $"<pubsub xmlns='{PubSub}'><items{node}><item/></items></pubsub>");
            yield return ("get", $"<pubsub xmlns='{PubSub}'><items{node} max_items='none'/></pubsub>");
            yield return ("get", $"<pubsub xmlns='{PubSub}'><affiliations{node}/></pubsub>");
            yield return ("get", $"<pubsub xmlns='{PubSub}'><subscriptions{node}/></pubsub>");
            yield return ("set", $"<pubsub xmlns='{PubSub}'><subscribe{node} jid='paris@localhost'/></pubsub>");
            yield return ("set", $"<pubsub xmlns='{PubSub}'><subscribe{node} jid='juliet@localhost'/></pubsub>");
            yield return ("set", $"<pubsub xmlns='{PubSub}'><unsubscribe{node} jid='paris@localhost'/></pubsub>");
            yield return ("set", $"<pubsub xmlns='{PubSub}'><publish{node}><item id='1'><x xmlns='urn:example:kept'/></item></publish></pubsub>");
            yield return ("set", $"<pubsub xmlns='{PubSub}'><retract{node}><item id='1'/></retract></pubsub>");
            yield return ("set", $"<pubsub xmlns='{PubSub}'><create{node}/></pubsub>");
            yield return ("get", $"<pubsub xmlns='{PubSub}#owner'><configure{node}/></pubsub>");
            yield return ("set", $"<pubsub xmlns='{PubSub}#owner'><delete{node}/></pubsub>");
            yield return ("get", $"<pubsub xmlns='{PubSub}'><options{node} jid='paris@localhost'/></pubsub>");
        }

        foreach (var question in ((string, string)[])[
            ("get", $"<pubsub xmlns='{PubSub}'><default/></pubsub>"),
            ("get", $"<pubsub xmlns='{PubSub}'/>"),
            ("set", $"<pubsub xmlns='{PubSub}'/>"),
            ("set", $"<pubsub xmlns='{PubSub}'><wonder/></pubsub>"),
            ("get", $"<vCard xmlns='{Ns.VCard}'/>"),
            ("set", $"<vCard xmlns='{Ns.VCard}'/>"),
            ("get", $"<vcard xmlns='{Ns.VCard4}'/>"),
            ("get", $"<ping xmlns='{Ns.Ping}'/>"),
            ("get", $"<query xmlns='{Ns.Version}'/>"),
            ("get", $"<query xmlns='{Ns.Roster}'/>"),
            ("get", $"<query xmlns='{Ns.Register}'/>"),
            ("get", $"<query xmlns='{Ns.PrivateStorage}'><x xmlns='y'/></query>"),
            ("get", $"<blocklist xmlns='{Ns.Blocking}'/>"),
            ("set", $"<query xmlns='{Ns.DiscoInfo}'/>"),
            ("get", "<query xmlns='jabber:iq:last'/>"),
            ("get", "<wonder xmlns='urn:example:wonder'/>"),
        ])
        {
            yield return question;
        }
    }

    [Fact]
    [Trait("Requirement", "C-223")]
    [Trait("Requirement", "C-142")]
    [Trait("Requirement", "C-151")]
    [Trait("Requirement", "X54-7")]
    [Trait("Requirement", "X84-48")]
    public async Task A_stranger_gets_the_same_bytes_from_nobody_and_from_whoever_shows_nothing()
    {
        await using var scene = new Scene();
        var paris = await Cast(scene);
        foreach (var (type, payload) in Questions())
        {
            string? expected = null;
            foreach (var address in Asked)
            {
                await paris.Send($"<iq type='{type}' id='q' to='{address}'>{payload}</iq>");
                var answer = (await paris.Receive()).ShouldNotBeNull().ToString().Replace(address, "asked@localhost", StringComparison.Ordinal);
                expected ??= answer;
                answer.ShouldBe(expected, $"{address} asked by {type} {payload}");
            }
        }

        scene.ServerErrors.ShouldBeEmpty();
    }

    private static async Task<Actor> Cast(Scene scene)
    {
        var server = await scene.Server();
        foreach (var user in (string[])["paris", "bare", "hidden", "blocking", "closed"])
        {
            await server.Stores.Accounts.Add(TestCredentials.Of($"{user}@localhost"));
        }

        await server.Stores.Documents.Save(new AccountDocument(new Identity("blocking@localhost"), "blocklist", "", "paris@localhost"));
        await PortraitSteps.Set(scene, "hidden", "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR42mP4z8AAAAMBAQD3A0FDAAAAAElFTkSuQmCC");
        await PortraitSteps.Show(scene, "hidden", "Nobody");
        foreach (var (user, access) in ((string, AccessModel)[])[("hidden", AccessModel.Whitelist), ("blocking", AccessModel.Open), ("closed", AccessModel.Roster)])
        {
            var node = new NodeRecord("urn:example:kept", access, true, 1, "never", null);
            await server.Stores.Nodes.Publish(new Identity($"{user}@localhost"), node, new NodeItem("1", "<x xmlns='urn:example:kept'/>", default), 1, 1000);
        }

        var paris = await scene.Open("paris");
        (await paris.Authenticate(new PlainClient("paris", TestCredentials.Password))).ShouldBe("success");
        await paris.Bind("street");
        return paris;
    }
}
