using Likeness.Xmpp.Client;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Tests.Client;

public sealed class ContactListTests
{
    private static readonly DiscoInfo Abilities = new([new DiscoIdentity("client", "pc", "Exodus 0.9.1")], [Ns.Caps, Ns.DiscoInfo, "http://jabber.org/protocol/disco#items", "http://jabber.org/protocol/muc"]);

    [Fact]
    [Trait("Requirement", "C-104")]
    public async Task Contacts_are_kept_up_to_date_by_the_own_account_alone()
    {
        await using var server = new ScriptedServer();
        await using var client = await XmppClientTests.LogIn(server, XmppClientTests.Options(server));
        var changes = new List<(Jid, Contact?)>();
        client.Roster.Changed += (address, contact) => changes.Add((address, contact));
        var loading = client.Roster.Load(TestContext.Current.CancellationToken);
        var request = await server.Read();
        await server.Write(StanzaReply.Result(request, Query("<item jid='bob@example.org' name='Bob' subscription='both'><group>Friends</group></item><item jid='eve@example.org' ask='subscribe'/>")));
        await loading;
        client.Roster[Jid.Parse("bob@example.org/phone")].ShouldNotBeNull().ShouldSatisfyAllConditions(
            bob => bob.Subscription.ShouldBe(ContactSubscription.Both),
            bob => bob.Name.ShouldBe("Bob"),
            bob => bob.Groups.ShouldBe(["Friends"]));
        client.Roster[Jid.Parse("eve@example.org")]!.IsAsked.ShouldBeTrue();

        foreach (var stranger in new[] { "eve@example.org", "example.org", "ada@example.org/phone", "ada@example.org.example", "@" })
        {
            await server.Write($"<iq type='set' id='1' from='{stranger}'><query xmlns='jabber:iq:roster'><item jid='bob@example.org' subscription='remove'/></query></iq>");
            StanzaReply.ReadError(await server.Read()).Condition.ShouldBe(StanzaCondition.ServiceUnavailable, stranger);
            client.Roster.Contacts.Count.ShouldBe(2);
        }

        await server.Write("<iq type='set' id='2' from='ada@example.org'><query xmlns='jabber:iq:roster'><item jid='joe@example.org' subscription='to'/></query></iq>");
        (await server.Read())["type"].ShouldBe("result");
        client.Roster[Jid.Parse("joe@example.org")]!.Subscription.ShouldBe(ContactSubscription.To);

        await server.Write("<iq type='set' id='3'><query xmlns='jabber:iq:roster'><item jid='eve@example.org' subscription='remove'/></query></iq>");
        (await server.Read())["type"].ShouldBe("result");
        client.Roster.Contacts.Select(contact => contact.Address.Local).ShouldBe(["bob", "joe"], ignoreOrder: true);
        changes.Select(change => change.Item1.Local).ShouldBe(["joe", "eve"]);
        changes[1].Item2.ShouldBeNull();
    }

    [Fact]
    public async Task Those_who_are_online_are_known_with_their_last_presence()
    {
        await using var server = new ScriptedServer();
        await using var client = await XmppClientTests.LogIn(server, XmppClientTests.Options(server));
        await server.Write("<presence from='bob@example.org/a'/><presence from='bob@example.org/b'/><presence from='bob@example.org/a'><show>away</show></presence>"
            + "<presence from='bob@example.org/b' type='unavailable'/><presence from='bob@example.org' type='subscribe' id='last'/>");
        await client.Expect(stanza => stanza["id"] == "last");
        client.Presences.Of(Jid.Parse("bob@example.org")).ShouldHaveSingleItem().Child("show")!.Text().ShouldBe("away");
    }

    [Fact]
    public async Task A_listener_that_fails_stops_no_other_and_is_reported()
    {
        await using var server = new ScriptedServer();
        var reported = new List<Exception>();
        await using var client = await XmppClientTests.LogIn(server, XmppClientTests.Options(server) with { Report = reported.Add });
        var heard = new List<string?>();
        client.Came += _ => throw new InvalidOperationException("a bug");
        client.Came += stanza => heard.Add(stanza["id"]);
        await server.Write("<message id='1'/><message id='2'/>");
        await client.Expect(stanza => stanza["id"] == "2");
        heard.ShouldBe(["1", "2"]);
        reported.Count.ShouldBe(2);
    }

    [Fact]
    [Trait("Requirement", "X-CAP-1")]
    public async Task A_description_with_the_right_hash_is_asked_for_once_for_all_who_announce_it()
    {
        await using var server = new ScriptedServer();
        await using var client = await XmppClientTests.LogIn(server, XmppClientTests.Options(server));
        var first = client.Discovery.Of(Presence("bob@example.org/a", "QgayPKawpkPSDYmwT/WM94uAlu0="));
        var second = client.Discovery.Of(Presence("eve@example.org/b", "QgayPKawpkPSDYmwT/WM94uAlu0="));
        var request = await server.Read();
        request["to"].ShouldBe("bob@example.org/a");
        request.Child("query", Ns.DiscoInfo)!["node"].ShouldBe("https://code.example/exodus#QgayPKawpkPSDYmwT/WM94uAlu0=");
        await server.Write(StanzaReply.Result(request, Abilities.ToElement()));
        (await first)!.Has("http://jabber.org/protocol/muc").ShouldBeTrue();
        (await second)!.Has("http://jabber.org/protocol/muc").ShouldBeTrue();
        (await client.Discovery.Of(Presence("joe@example.org/c", "QgayPKawpkPSDYmwT/WM94uAlu0=")))!.Identities.Count.ShouldBe(1);
    }

    [Fact]
    [Trait("Requirement", "X-CAP-1")]
    public async Task A_description_with_another_hash_is_believed_for_nobody_else()
    {
        await using var server = new ScriptedServer();
        await using var client = await XmppClientTests.LogIn(server, XmppClientTests.Options(server));
        foreach (var from in new[] { "liar@example.org/a", "bob@example.org/b" })
        {
            var asking = client.Discovery.Of(Presence(from, "bGlhciBsaWFyIGxpYXIgbGlhciE="));
            var request = await server.Read();
            request["to"].ShouldBe(from);
            await server.Write(StanzaReply.Result(request, Abilities.ToElement()));
            await asking;
        }
    }

    [Fact]
    [Trait("Requirement", "X-CAP-1")]
    public async Task The_own_abilities_are_in_presence_and_told_to_who_asks_for_them()
    {
        await using var server = new ScriptedServer();
        await using var client = await XmppClientTests.LogIn(server, XmppClientTests.Options(server) with { Abilities = Abilities });
        await client.Send(new Element("presence", Ns.Client));
        var announced = Xep0115EntityCapabilities.Read(await server.Read())!;
        announced.Version.ShouldBe("QgayPKawpkPSDYmwT/WM94uAlu0=");
        await server.Write($"<iq type='get' id='1' from='bob@example.org/a'><query xmlns='http://jabber.org/protocol/disco#info' node='{announced.DiscoNode}'/></iq>");
        Xep0115EntityCapabilities.Confirms(announced, DiscoInfo.Read((await server.Read()).Child("query", Ns.DiscoInfo)!)!).ShouldBeTrue();
        await server.Write("<iq type='get' id='2' from='bob@example.org/a'><query xmlns='http://jabber.org/protocol/disco#info' node='other'/></iq>");
        StanzaReply.ReadError(await server.Read()).Condition.ShouldBe(StanzaCondition.ItemNotFound);
    }

    private static Element Query(string items) => XmlStreamReader.ParseElement($"<query xmlns='jabber:iq:roster'>{items}</query>");

    private static Element Presence(string from, string version) => new Element("presence", Ns.Client).Set("from", from)
        .Add(new Element("c", Ns.Caps).Set("hash", "sha-1").Set("node", "https://code.example/exodus").Set("ver", version));
}
