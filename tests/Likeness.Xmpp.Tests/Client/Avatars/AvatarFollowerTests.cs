using System.Threading.Channels;
using Likeness.Xmpp.Client;
using Likeness.Xmpp.Client.Avatars;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Tests.Client.Avatars;

public sealed class AvatarFollowerTests
{
    private const string BlueId = "77094820ef7ef0daffef5e1d9e1f48ac9c182df9";
    private static readonly byte[] Blue = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAIAAAAlC+aJAAAAS0lEQVR42u3PQQkAAAgAsetfWiP4FgYrsGqeExAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBA4LMf88OL0EKXAAAAAAElFTkSuQmCC");

    [Fact]
    [Trait("Requirement", "X84-21")]
    [Trait("Requirement", "X84-23")]
    public async Task What_an_event_names_is_fetched_from_its_publisher_once_and_then_known()
    {
        await using var stage = await Stage.Begin();
        await stage.Server.Write(Event("bob", Info(RedPixel.Id, RedPixel.Png)));
        var request = await stage.Server.Read();
        request["to"].ShouldBe("bob@example.org");
        request.Child("pubsub", Ns.PubSub)!.Child("items")!["node"].ShouldBe(Ns.AvatarData);
        request.Child("pubsub", Ns.PubSub)!.Child("items")!.Child("item")!["id"].ShouldBe(RedPixel.Id);
        await stage.Server.Write(StanzaReply.Result(request, Data(RedPixel.Id, RedPixel.Png)));
        var bob = await stage.Next();
        bob.Of.ShouldBe(Jid.Parse("bob@example.org"));
        bob.MediaType.ShouldBe("image/png");
        bob.Bytes.ToArray().ShouldBe(RedPixel.Png);
        stage.Follower[Jid.Parse("bob@example.org/phone")].Id.ShouldBe(RedPixel.Id);

        // Another contact with the same picture, in the other world.
        await stage.Server.Write(Presence("to@example.org/a", $"<photo>{RedPixel.Id.ToUpperInvariant()}</photo>"));
        (await stage.Next()).Of.ShouldBe(Jid.Parse("to@example.org"));
        await stage.NothingAsked();
    }

    [Fact]
    [Trait("Requirement", "X84-24")]
    [Trait("Requirement", "X153-12")]
    public async Task Empty_metadata_a_retraction_a_purge_a_deletion_and_an_empty_photo_take_it_away()
    {
        await using var stage = await Stage.Begin();
        stage.Cache.Add(RedPixel.Png);
        foreach (var end in new[]
        {
            "<items node='urn:xmpp:avatar:metadata'><item id='x'><metadata xmlns='urn:xmpp:avatar:metadata'/></item></items>",
            $"<items node='urn:xmpp:avatar:metadata'><retract id='{RedPixel.Id}'/></items>",
            "<purge node='urn:xmpp:avatar:metadata'/>",
            "<delete node='urn:xmpp:avatar:metadata'/>",
        })
        {
            await stage.Server.Write(Event("bob", Info(RedPixel.Id, RedPixel.Png)));
            (await stage.Next()).Knowledge.ShouldBe(AvatarKnowledge.Picture);
            await stage.Server.Write($"<message from='bob@example.org'><event xmlns='http://jabber.org/protocol/pubsub#event'>{end}</event></message>");
            (await stage.Next()).Knowledge.ShouldBe(AvatarKnowledge.None);
        }

        await stage.Server.Write(Presence("to@example.org/a", $"<photo>{RedPixel.Id}</photo>"));
        (await stage.Next()).Knowledge.ShouldBe(AvatarKnowledge.Picture);
        await stage.Server.Write(Presence("to@example.org/a", "") + "<presence from='to@example.org/a'/>" + Presence("to@example.org/a", "<photo>current</photo>") + Presence("to@example.org/a", "<photo/>"));
        (await stage.Next()).Knowledge.ShouldBe(AvatarKnowledge.None);
        await stage.NothingAsked();
    }

    [Fact]
    [Trait("Requirement", "X153-10")]
    [Trait("Requirement", "X153-23")]
    public async Task What_is_not_what_was_said_or_no_picture_is_not_shown_and_not_asked_for_again()
    {
        await using var stage = await Stage.Begin();
        await stage.Server.Write(Presence("to@example.org/a", $"<photo>{BlueId}</photo>"));
        await stage.AnswerVCard("to@example.org", RedPixel.Png, "image/png");
        (await stage.Next()).Knowledge.ShouldBe(AvatarKnowledge.Unknown);
        await stage.Server.Write(Presence("to@example.org/b", $"<photo>{BlueId}</photo>"));

        var svg = "<svg xmlns='http://www.w3.org/2000/svg'/>"u8.ToArray();
        await stage.Server.Write(Presence("from@example.org/b", $"<photo>{Xep0084UserAvatar.IdOf(svg)}</photo>"));
        await stage.AnswerVCard("from@example.org", svg, "image/png");
        (await stage.Next()).Knowledge.ShouldBe(AvatarKnowledge.Unknown);
        await stage.NothingAsked();

        // Another one who has it is asked all the same; the type is what the bytes are.
        await stage.Server.Write(Presence("none@example.org/b", $"<photo>{BlueId}</photo>"));
        await stage.AnswerVCard("none@example.org", Blue, "image/svg+xml");
        (await stage.Next()).MediaType.ShouldBe("image/png");
    }

    [Fact]
    [Trait("Requirement", "X84-28")]
    public async Task With_a_mutual_subscription_the_node_decides_else_the_vCard()
    {
        await using var stage = await Stage.Begin();
        stage.Cache.Add(RedPixel.Png);
        stage.Cache.Add(Blue);
        foreach (var (name, shown) in new[] { ("bob", RedPixel.Id), ("to", BlueId) })
        {
            await stage.Server.Write(Event(name, Info(RedPixel.Id, RedPixel.Png)));
            (await stage.Next()).Id.ShouldBe(RedPixel.Id);
            await stage.Server.Write(Presence($"{name}@example.org/a", $"<photo>{BlueId}</photo>"));
            if (shown == BlueId)
            {
                (await stage.Next()).Id.ShouldBe(BlueId);
            }
        }

        await stage.NothingAsked();
        stage.Follower[Jid.Parse("bob@example.org")].Id.ShouldBe(RedPixel.Id);
    }

    [Fact]
    [Trait("Requirement", "X84-20")]
    public async Task Interest_is_shown_by_the_abilities_alone_and_never_in_the_data()
    {
        var abilities = new DiscoInfo([new DiscoIdentity("client", "pc", "Test")], [Ns.Caps, Ns.DiscoInfo, AvatarFollower.Feature]);
        await using var stage = await Stage.Begin(abilities: abilities);
        await stage.Client.Send(new Element("presence", Ns.Client));

        // The roster was the only request; what comes next is the presence, and nothing is subscribed to.
        var announced = Xep0115EntityCapabilities.Read(await stage.Server.Read()).ShouldNotBeNull();
        await stage.Server.Write($"<iq type='get' id='1' from='example.org'><query xmlns='{Ns.DiscoInfo}' node='{announced.DiscoNode}'/></iq>");
        var told = DiscoInfo.Read((await stage.Server.Read()).Child("query", Ns.DiscoInfo)!)!;
        told.Has("urn:xmpp:avatar:metadata+notify").ShouldBeTrue();
        told.Has("urn:xmpp:avatar:data+notify").ShouldBeFalse();
        Xep0115EntityCapabilities.Verification(told).ShouldBe(announced.Version);
        await stage.NothingAsked();
    }

    [Fact]
    [Trait("Requirement", "X84-27")]
    public async Task Of_several_clients_with_a_picture_each_the_last_event_counts_however_late_the_first_picture_comes()
    {
        await using var stage = await Stage.Begin();
        await stage.Server.Write(From("phone", Info(RedPixel.Id, RedPixel.Png)));
        var first = await stage.Server.Read();
        await stage.Server.Write(From("pc", Info(BlueId, Blue)));
        var second = await stage.Server.Read();
        await stage.Server.Write(StanzaReply.Result(second, Data(BlueId, Blue)));
        (await stage.Next()).Id.ShouldBe(BlueId);
        await stage.Server.Write(StanzaReply.Result(first, Data(RedPixel.Id, RedPixel.Png)));
        await stage.NothingAsked();
        stage.Follower[Jid.Parse("bob@example.org")].Id.ShouldBe(BlueId);

        // The first picture is known now, and is shown when its client says so again.
        await stage.Server.Write(From("phone", Info(RedPixel.Id, RedPixel.Png)));
        (await stage.Next()).Id.ShouldBe(RedPixel.Id);

        static Element From(string resource, Element metadata) => Event("bob", metadata).Add(new Element("addresses", "http://jabber.org/protocol/address")
            .Add(new Element("address", "http://jabber.org/protocol/address").Set("type", "replyto").Set("jid", $"bob@example.org/{resource}")));
    }

    [Fact]
    [Trait("Requirement", "X84-25")]
    public async Task How_large_a_picture_is_is_told_by_its_content_so_that_nobody_shows_it_larger()
    {
        await using var stage = await Stage.Begin();
        stage.Cache.Add(Blue);
        await stage.Server.Write(Event("bob", Xep0084UserAvatar.Metadata(new AvatarInfo(BlueId, "image/png", Blue.Length, 512, 512))));
        var shown = await stage.Next();
        (shown.Width, shown.Height).ShouldBe((64, 64));
    }

    [Fact]
    [Trait("Requirement", "X84-7")]
    public async Task A_pointer_beside_the_picture_is_passed_over()
    {
        await using var stage = await Stage.Begin();
        stage.Cache.Add(RedPixel.Png);
        await stage.Server.Write(Event("bob", Info(RedPixel.Id, RedPixel.Png).Add(new Element("pointer", Ns.AvatarMetadata).Add(new Element("x", "http://example.com/virtualworlds").Add("id", "1")))));
        (await stage.Next()).Id.ShouldBe(RedPixel.Id);
        await stage.NothingAsked();
    }

    [Fact]
    [Trait("Requirement", "X84-26")]
    public async Task Events_of_strangers_and_of_others_in_their_name_are_not_believed()
    {
        await using var stage = await Stage.Begin();
        stage.Cache.Add(RedPixel.Png);
        await stage.Server.Write(Event("stranger", Info(RedPixel.Id, RedPixel.Png)));
        await stage.Server.Write(Event("bob/phone", Info(RedPixel.Id, RedPixel.Png)));
        await stage.Server.Write(Event("from", Info(RedPixel.Id, RedPixel.Png)));
        var forwarded = new Element("message", Ns.Client).Set("from", "stranger@example.org").Add(new Element("sent", Ns.Carbons).Add(new Element("forwarded", Ns.Forward).Add(Event("bob", Info(RedPixel.Id, RedPixel.Png)))));
        await stage.Server.Write(forwarded);
        await stage.Server.Write(Event("ada", Info(RedPixel.Id, RedPixel.Png)));
        (await stage.Next()).Of.ShouldBe(Jid.Parse("ada@example.org"));
        await stage.NothingAsked();
    }

    [Fact]
    [Trait("Requirement", "X-MUC-3")]
    public async Task An_occupant_is_asked_through_the_room_unless_who_it_is_is_known()
    {
        await using var stage = await Stage.Begin();
        await stage.Server.Write(Presence("hall@rooms.example.org/Bob", $"<photo>{RedPixel.Id}</photo>", "<x xmlns='http://jabber.org/protocol/muc#user'><item role='participant'/></x>"));
        await stage.AnswerVCard("hall@rooms.example.org/Bob", RedPixel.Png, "image/png");
        (await stage.Next()).Of.ShouldBe(Jid.Parse("hall@rooms.example.org/Bob"));
        await stage.Server.Write(Presence("hall@rooms.example.org/Eve", $"<photo>{BlueId}</photo>", "<x xmlns='http://jabber.org/protocol/muc#user'><item role='participant' jid='eve@example.net/a'/></x>"));
        await stage.AnswerVCard("eve@example.net", Blue, "image/png");
        (await stage.Next()).Of.ShouldBe(Jid.Parse("hall@rooms.example.org/Eve"));
        await stage.Server.Write("<presence from='hall@rooms.example.org/Eve' type='unavailable'><x xmlns='http://jabber.org/protocol/muc#user'/></presence>");
        await stage.NothingAsked();
        stage.Follower[Jid.Parse("hall@rooms.example.org/Eve")].Knowledge.ShouldBe(AvatarKnowledge.Unknown);
    }

    [Fact]
    [Trait("Requirement", "X84-22")]
    public async Task Links_are_followed_by_https_alone_and_only_when_that_is_allowed()
    {
        await using (var careful = await Stage.Begin())
        {
            await careful.Server.Write(Event("bob", Info(RedPixel.Id, RedPixel.Png, "https://example.org/red.png")));
            (await careful.Next()).Knowledge.ShouldBe(AvatarKnowledge.Unknown);
        }

        var fetched = new List<string>();
        await using var stage = await Stage.Begin((link, _, _) =>
        {
            fetched.Add(link.AbsoluteUri);
            return Task.FromResult<byte[]?>(RedPixel.Png);
        });
        await stage.Server.Write(Event("bob", Info(RedPixel.Id, RedPixel.Png, "http://example.org/red.png")));
        (await stage.Next()).Knowledge.ShouldBe(AvatarKnowledge.Unknown);
        await stage.Server.Write(Event("bob", Info(RedPixel.Id, RedPixel.Png, "https://example.org/red.png")));
        (await stage.Next()).Id.ShouldBe(RedPixel.Id);
        fetched.ShouldBe(["https://example.org/red.png"]);
    }

    [Fact]
    [Trait("Requirement", "X153-9")]
    [Trait("Requirement", "X153-11")]
    public async Task A_thousand_contacts_whose_pictures_are_known_cost_nothing_and_a_hash_of_many_is_asked_for_once()
    {
        await using var stage = await Stage.Begin();
        stage.Cache.Add(RedPixel.Png);
        for (var contact = 0; contact < 1000; contact++)
        {
            await stage.Server.Write(Presence($"c{contact}@example.org/a", $"<photo>{RedPixel.Id}</photo>"));
        }

        for (var contact = 0; contact < 1000; contact++)
        {
            (await stage.Next()).Id.ShouldBe(RedPixel.Id);
        }

        await stage.NothingAsked();
        for (var contact = 0; contact < 1000; contact++)
        {
            await stage.Server.Write(Presence($"c{contact}@example.org/a", $"<photo>{BlueId}</photo>"));
        }

        var request = await stage.Server.Read();
        await stage.Server.Write(StanzaReply.Result(request, new Element("vCard", Ns.VCard).Add(Xep0054VCard.Photo(Blue, null))));
        for (var contact = 0; contact < 1000; contact++)
        {
            (await stage.Next()).Id.ShouldBe(BlueId);
        }

        await stage.NothingAsked();
    }

    [Fact]
    [Trait("Requirement", "X153-11")]
    public async Task Eight_are_asked_at_once_and_nothing_else_waits_for_them()
    {
        await using var stage = await Stage.Begin();
        for (var contact = 0; contact < 20; contact++)
        {
            await stage.Server.Write(Presence($"c{contact}@example.org/a", $"<photo>{contact:x40}</photo>"));
        }

        for (var asked = 0; asked < 8; asked++)
        {
            (await stage.Server.Read()).Child("vCard", Ns.VCard).ShouldNotBeNull();
        }

        await stage.NothingAsked();
    }

    private static Element Info(string id, byte[] bytes, string? url = null) => Xep0084UserAvatar.Metadata(new AvatarInfo(id, "image/png", bytes.Length, Url: url));

    private static Element Event(string name, Element metadata) => new Element("message", Ns.Client)
        .Set("from", name.Replace("/", "@example.org/", StringComparison.Ordinal) + (name.Contains('/', StringComparison.Ordinal) ? "" : "@example.org")).Set("type", "headline")
        .Add(new Element("event", Ns.PubSubEvent).Add(new Element("items", Ns.PubSubEvent).Set("node", Ns.AvatarMetadata)
            .Add(new Element("item", Ns.PubSubEvent).Set("id", "any").Add(metadata))));

    private static Element Data(string id, byte[] bytes) => new Element("pubsub", Ns.PubSub).Add(new Element("items", Ns.PubSub).Set("node", Ns.AvatarData)
        .Add(new Element("item", Ns.PubSub).Set("id", id).Add(Xep0084UserAvatar.Data(bytes))));

    private static string Presence(string from, string photo, string more = "") =>
        $"<presence from='{from}'><x xmlns='vcard-temp:x:update'>{photo}</x>{more}</presence>";

    private sealed record Stage(ScriptedServer Server, XmppClient Client, AvatarFollower Follower, AvatarCache Cache, ChannelReader<FollowedAvatar> Shown) : IAsyncDisposable
    {
        public static async Task<Stage> Begin(FetchAvatarLink? links = null, DiscoInfo? abilities = null)
        {
            var server = new ScriptedServer();
            var client = await XmppClientTests.LogIn(server, XmppClientTests.Options(server) with { Abilities = abilities });
            var cache = new AvatarCache();
            var beginning = AvatarFollower.Begin(client, new AvatarFollowerOptions { Cache = cache, FetchLink = links });
            var roster = new Element("query", Ns.Roster);
            foreach (var (name, subscription) in new[] { ("bob", "both"), ("to", "to"), ("from", "from") })
            {
                roster.Add(new Element("item", Ns.Roster).Set("jid", $"{name}@example.org").Set("subscription", subscription));
            }

            await server.Write(StanzaReply.Result(await server.Read(), roster));
            var follower = await beginning;
            var shown = Channel.CreateUnbounded<FollowedAvatar>();
            follower.Changed += avatar => shown.Writer.TryWrite(avatar);
            return new Stage(server, client, follower, cache, shown.Reader);
        }

        public async Task<FollowedAvatar> Next() => await Shown.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(20));

        public async Task AnswerVCard(string of, byte[] bytes, string type)
        {
            var request = await Server.Read();
            request["to"].ShouldBe(of);
            await Server.Write(StanzaReply.Result(request, new Element("vCard", Ns.VCard).Add(Xep0054VCard.Photo(bytes, type))));
        }

        /// <summary>Everything that came was heard and led to no request.</summary>
        public async Task NothingAsked()
        {
            // The follower's own order: what came before this contact's picture was looked at before it.
            var fence = StanzaId.New();
            Cache.Add(RedPixel.Png);
            await Server.Write(Presence($"hall@fence.example.org/{fence}", $"<photo>{RedPixel.Id}</photo>", "<x xmlns='http://jabber.org/protocol/muc#user'/>"));
            while ((await Next()).Of.Resource != fence)
            {
            }

            await Server.Write($"<iq type='get' id='{fence}' from='example.org'><ping xmlns='urn:xmpp:ping'/></iq>");
            (await Server.Read())["id"].ShouldBe(fence);
        }

        public async ValueTask DisposeAsync()
        {
            await Follower.DisposeAsync();
            await Client.DisposeAsync();
            await Server.DisposeAsync();
        }
    }
}
