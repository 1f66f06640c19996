using Likeness.Libravatar.Tests.Support;
using Likeness.Xmpp.Client;
using Likeness.Xmpp.Client.Avatars;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Tests.Client.Avatars;

public sealed class OwnAvatarTests
{
    [Fact]
    [Trait("Requirement", "X398-20")]
    [Trait("Requirement", "X84-9")]
    public async Task Where_the_server_keeps_both_the_same_only_the_nodes_are_written_and_presence_is_left_to_it()
    {
        await using var stage = await Stage.Begin(pep: true, converted: true);
        await stage.Client.Send(new Element("presence", Ns.Client));
        Xep0153VCardAvatars.Read(await stage.Server.Read()).Kind.ShouldBe(PhotoUpdateKind.NotReady);

        var setting = stage.Avatar.Set(RedPixel.Png, "open");
        await stage.Answer("items", Ns.AvatarMetadata, null);
        await stage.Answer("publish", Ns.AvatarData, null);
        await stage.Answer("publish", Ns.AvatarMetadata, null);
        (await setting).ShouldBe(RedPixel.Id);

        // What is shown already is not published again.
        var again = stage.Avatar.Set(RedPixel.Png);
        await stage.Answer("items", Ns.AvatarMetadata, Items(Xep0084UserAvatar.Metadata(new AvatarInfo(RedPixel.Id, "image/png", RedPixel.Png.Length, 1, 1))));
        var access = await stage.Server.Read();
        access.Child("pubsub", Ns.PubSubOwner)!.Child("configure")!["node"].ShouldBe(Ns.AvatarMetadata);
        await stage.Server.Write(StanzaReply.Error(access, StanzaCondition.Forbidden)!);
        (await again).ShouldBe(RedPixel.Id);
    }

    [Fact]
    [Trait("Requirement", "X398-21")]
    public async Task Rooms_are_told_after_a_change_and_once()
    {
        await using var stage = await Stage.Begin(pep: true, converted: true);
        await stage.Client.Send(new Element("presence", Ns.Client).Set("to", "hall@rooms.example.org/ada"));
        await stage.Server.Read();
        var changed = Event(Xep0084UserAvatar.Metadata(new AvatarInfo(RedPixel.Id, "image/png", RedPixel.Png.Length, 1, 1)));
        await stage.Server.Write(changed);
        (await stage.Server.Read())["to"].ShouldBe("hall@rooms.example.org/ada");
        await stage.Server.Write(changed.Copy().Set("from", "eve@example.org"));
        await stage.Server.Write(changed);
        await stage.Server.Write(Event(Xep0084UserAvatar.Metadata()));
        (await stage.Server.Read())["to"].ShouldBe("hall@rooms.example.org/ada");
        await stage.Server.Write("<iq type='get' id='last' from='example.org'><ping xmlns='urn:xmpp:ping'/></iq>");
        (await stage.Server.Read())["id"].ShouldBe("last");
    }

    [Fact]
    [Trait("Requirement", "X153-1")]
    [Trait("Requirement", "X153-3")]
    [Trait("Requirement", "X153-5")]
    [Trait("Requirement", "X153-21")]
    [Trait("Requirement", "X54-11")]
    public async Task Elsewhere_the_vCard_keeps_its_other_fields_and_every_presence_says_the_hash()
    {
        await using var stage = await Stage.Begin(pep: false, converted: false);
        await stage.AnswerVCard("<vCard xmlns='vcard-temp'><FN>Ada</FN></vCard>");
        await stage.Client.Send(new Element("presence", Ns.Client).Add("show", "away"));
        await stage.PresenceWith(new PhotoUpdate(PhotoUpdateKind.NoPicture));

        var setting = stage.Avatar.Set(RedPixel.Png, "open");
        await stage.AnswerVCard("<vCard xmlns='vcard-temp'><FN>Ada</FN></vCard>");
        var set = await stage.Server.Read();
        var vCard = set.Child("vCard", Ns.VCard)!;
        vCard.Child("FN")!.Text().ShouldBe("Ada");
        Xep0054VCard.ReadPhoto(vCard).Bytes.ShouldBe(RedPixel.Png);
        vCard.Child("PHOTO")!.Child("TYPE")!.Text().ShouldBe("image/png");
        await stage.Server.Write(StanzaReply.Result(set));
        (await setting).ShouldBe(RedPixel.Id);
        (await stage.PresenceWith(new PhotoUpdate(PhotoUpdateKind.Picture, RedPixel.Id))).Child("show")!.Text().ShouldBe("away");

        await stage.Client.Send(new Element("presence", Ns.Client).Set("to", "hall@rooms.example.org/ada"));
        Xep0153VCardAvatars.Read(await stage.Server.Read()).Hash.ShouldBe(RedPixel.Id);
    }

    [Theory]
    [Trait("Requirement", "X54-8")]
    [InlineData("item-not-found", "cancel", true)]
    [InlineData("service-unavailable", "cancel", true)]
    [InlineData("empty", "", true)]
    [InlineData("nothing", "", true)]
    [InlineData("forbidden", "auth", false)]
    [InlineData("internal-server-error", "cancel", false)]
    public async Task Whatever_a_server_says_where_there_is_no_vCard_there_is_none(string answer, string type, bool isNone)
    {
        await using var stage = await Stage.Begin(pep: false, converted: false);
        async Task AnswerRead()
        {
            var request = await stage.Server.Read();
            request.Child("vCard", Ns.VCard).ShouldNotBeNull();
            await stage.Server.Write(answer switch
            {
                "empty" => StanzaReply.Result(request, new Element("vCard", Ns.VCard)),
                "nothing" => StanzaReply.Result(request),
                _ => StanzaReply.Result(request).Set("type", "error").Add(new Element("error", Ns.Client).Set("type", type).Add(new Element(answer, Ns.StanzaErrors))),
            });
        }

        await AnswerRead();
        await stage.Client.Send(new Element("presence", Ns.Client));
        if (isNone)
        {
            await stage.PresenceWith(new PhotoUpdate(PhotoUpdateKind.NoPicture));
        }
        else
        {
            Xep0153VCardAvatars.Read(await stage.Server.Read()).Kind.ShouldBe(PhotoUpdateKind.NotReady);
        }

        var setting = stage.Avatar.Set(RedPixel.Png, "open");
        await AnswerRead();
        if (!isNone)
        {
            await Should.ThrowAsync<StanzaErrorException>(() => setting);
            return;
        }

        // Nobody had one: now there is one with a picture and nothing else.
        var set = await stage.Server.Read();
        set["type"].ShouldBe("set");
        set.Child("vCard", Ns.VCard)!.ShouldHaveSingleItem().Name.ShouldBe("PHOTO");
        await stage.Server.Write(StanzaReply.Result(set));
        (await setting).ShouldBe(RedPixel.Id);
    }

    [Fact]
    [Trait("Requirement", "X153-8")]
    public async Task The_vCard_is_read_once_and_nobody_polls_it_however_long_the_session()
    {
        var time = new ManualTime();
        await using var stage = await Stage.Begin(pep: false, converted: false, time: time);
        await stage.AnswerVCard(Photo());
        await stage.Client.Send(new Element("presence", Ns.Client));
        await stage.PresenceWith(new PhotoUpdate(PhotoUpdateKind.Picture, RedPixel.Id));
        for (var hour = 0; hour < 48; hour++)
        {
            time.Advance(TimeSpan.FromHours(1));
            await stage.Server.Write($"<iq type='get' id='{hour}' from='example.org'><ping xmlns='urn:xmpp:ping'/></iq><presence from='ada@example.org/b'><x xmlns='vcard-temp:x:update'><photo>{RedPixel.Id}</photo></x></presence>");
            (await stage.Server.Read())["id"].ShouldBe($"{hour}");
        }

        // Whatever was due by then stands before the answer to this.
        await stage.Client.Send(new Element("presence", Ns.Client).Add("show", "away"));
        (await stage.Server.Read()).Child("show")!.Text().ShouldBe("away");
    }

    [Fact]
    [Trait("Requirement", "X153-T9")]
    [Trait("Requirement", "X153-T17")]
    public async Task What_another_resource_says_is_looked_up_and_what_is_none_of_them_is_not()
    {
        await using var stage = await Stage.Begin(pep: false, converted: false);
        await stage.AnswerVCard(Photo());
        await stage.Client.Send(new Element("presence", Ns.Client));
        await stage.PresenceWith(new PhotoUpdate(PhotoUpdateKind.Picture, RedPixel.Id));
        const string other = "<x xmlns='vcard-temp:x:update'><photo>77094820ef7ef0daffef5e1d9e1f48ac9c182df9</photo></x></presence>";
        await stage.Server.Write($"<presence from='{stage.Client.Address.Text}'>{other}<presence from='bob@example.org/b'>{other}<presence from='ada@example.org/b' type='subscribe'>{other}");
        await stage.Server.Write($"<presence from='ada@example.org/b'>{other}");
        Xep0153VCardAvatars.Read(await stage.Server.Read()).Kind.ShouldBe(PhotoUpdateKind.NotReady);
        await stage.AnswerVCard(Photo());
        Xep0153VCardAvatars.Read(await stage.Server.Read()).Hash.ShouldBe(RedPixel.Id);
    }

    [Fact]
    [Trait("Requirement", "X84-11")]
    [Trait("Requirement", "X153-24")]
    public async Task A_server_that_wants_a_smaller_picture_gets_one()
    {
        var edges = new List<int>();
        MakeAvatarPng make = (_, edge, _, _) =>
        {
            edges.Add(edge);
            return Task.FromResult<byte[]>([.. RedPixel.Png, (byte)edge]);
        };
        await using var stage = await Stage.Begin(pep: true, converted: true, make);
        var setting = stage.Avatar.Set(RedPixel.Png, "open");
        await stage.Answer("items", Ns.AvatarMetadata, null);
        var first = await stage.Server.Read();
        await stage.Server.Write(StanzaReply.Error(first, new StanzaErrorException(StanzaCondition.NotAcceptable, null, new Element("payload-too-big", Ns.PubSubErrors)))!);
        await stage.Answer("publish", Ns.AvatarData, null);
        await stage.Answer("publish", Ns.AvatarMetadata, null);
        await setting;
        edges.ShouldBe([192, 128]);
    }

    [Fact]
    [Trait("Requirement", "X84-10")]
    public async Task A_server_without_options_is_published_to_only_when_all_may_see_it()
    {
        await using var stage = await Stage.Begin(pep: true, converted: true);
        var open = stage.Avatar.Set(RedPixel.Png, "open");
        await stage.Answer("items", Ns.AvatarMetadata, null);
        foreach (var node in new[] { Ns.AvatarData, Ns.AvatarMetadata })
        {
            // All options, then the one that matters, then none.
            foreach (var count in new[] { node == Ns.AvatarMetadata ? 3 : 2, 1 })
            {
                var refused = await stage.Server.Read();
                DataForm.Find(refused.Child("pubsub", Ns.PubSub)!.Child("publish-options")!)!.Fields.Count.ShouldBe(count);
                await stage.Server.Write(StanzaReply.Error(refused, StanzaCondition.FeatureNotImplemented)!);
            }

            (await stage.Answer("publish", node, null)).Child("pubsub", Ns.PubSub)!.Child("publish-options").ShouldBeNull();
        }

        await open;
        var closed = stage.Avatar.Set(RedPixel.Png, "presence");
        await stage.Answer("items", Ns.AvatarMetadata, null);
        await stage.Server.Write(StanzaReply.Error(await stage.Server.Read(), StanzaCondition.FeatureNotImplemented)!);
        await stage.Server.Write(StanzaReply.Error(await stage.Server.Read(), StanzaCondition.FeatureNotImplemented)!);
        await Should.ThrowAsync<StanzaErrorException>(() => closed);
    }

    [Fact]
    [Trait("Requirement", "X84-8")]
    public async Task Taking_it_away_empties_what_the_server_left_behind()
    {
        await using var stage = await Stage.Begin(pep: true, converted: true);
        var clearing = stage.Avatar.Clear();
        await stage.Answer("items", Ns.AvatarMetadata, Items(Xep0084UserAvatar.Metadata(new AvatarInfo(RedPixel.Id, "image/png", RedPixel.Png.Length, 1, 1))));
        await stage.Answer("publish", Ns.AvatarMetadata, null);
        await stage.AnswerVCard(Photo());
        var set = await stage.Server.Read();
        Xep0054VCard.ReadPhoto(set.Child("vCard", Ns.VCard)!).Kind.ShouldBe(VCardPhotoKind.None);
        await stage.Server.Write(StanzaReply.Result(set));
        await clearing;
    }

    private static string Photo() => new Element("vCard", Ns.VCard).Add(Xep0054VCard.Photo(RedPixel.Png, "image/png")).ToString();

    private static Element Items(Element metadata) => new Element("pubsub", Ns.PubSub).Add(
        new Element("items", Ns.PubSub).Set("node", Ns.AvatarMetadata).Add(new Element("item", Ns.PubSub).Set("id", "x").Add(metadata)));

    private static Element Event(Element metadata) => new Element("message", Ns.Client).Set("from", "ada@example.org").Set("type", "headline").Add(
        new Element("event", Ns.PubSubEvent).Add(new Element("items", Ns.PubSubEvent).Set("node", Ns.AvatarMetadata).Add(
            new Element("item", Ns.PubSubEvent).Set("id", "x").Add(metadata))));

    private sealed record Stage(ScriptedServer Server, XmppClient Client, OwnAvatar Avatar) : IAsyncDisposable
    {
        public static async Task<Stage> Begin(bool pep, bool converted, MakeAvatarPng? make = null, TimeProvider? time = null)
        {
            var server = new ScriptedServer();
            var options = XmppClientTests.Options(server);
            var client = await XmppClientTests.LogIn(server, time is null ? options : options with { TimeProvider = time, Timeout = TimeSpan.FromDays(10), MaxSilence = TimeSpan.FromDays(10) });
            var beginning = OwnAvatar.Begin(client, make);
            var request = await server.Read();
            var info = new DiscoInfo(pep ? [new DiscoIdentity("pubsub", "pep")] : [], converted ? [Ns.PepVCardConversion] : []);
            await server.Write(StanzaReply.Result(request, info.ToElement()));
            return new Stage(server, client, await beginning);
        }

        /// <summary>The next request is for this node, and answered.</summary>
        public async Task<Element> Answer(string what, string node, Element? payload)
        {
            var request = await Server.Read();
            request.Child("pubsub", Ns.PubSub)!.Child(what)!["node"].ShouldBe(node);
            await Server.Write(StanzaReply.Result(request, payload));
            return request;
        }

        public async Task AnswerVCard(string vCard)
        {
            var request = await Server.Read();
            request["type"].ShouldBe("get");
            request.Child("vCard", Ns.VCard).ShouldNotBeNull();
            await Server.Write(StanzaReply.Result(request, XmlStreamReader.ParseElement(vCard)));
        }

        /// <summary>Presences until one says this; what is said before depends on how fast the vCard comes.</summary>
        public async Task<Element> PresenceWith(PhotoUpdate update)
        {
            while (true)
            {
                var presence = await Server.Read();
                presence.Name.ShouldBe("presence");
                if (Xep0153VCardAvatars.Read(presence) == update)
                {
                    return presence;
                }
            }
        }

        public async ValueTask DisposeAsync()
        {
            await Client.DisposeAsync();
            await Server.DisposeAsync();
        }
    }
}
