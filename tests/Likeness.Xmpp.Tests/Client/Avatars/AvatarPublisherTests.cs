using Likeness.Xmpp.Client.Avatars;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Tests.Client.Avatars;

public sealed class AvatarPublisherTests
{
    [Fact]
    [Trait("Requirement", "X84-2")]
    [Trait("Requirement", "X84-10")]
    public async Task Data_is_published_before_the_metadata_that_names_it()
    {
        await using var server = new ScriptedServer();
        await using var client = await XmppClientTests.LogIn(server, XmppClientTests.Options(server));
        var publishing = new AvatarPublisher(client).Publish(RedPixel.Png);

        var data = await server.Read();
        var item = Published(data, Ns.AvatarData);
        item["id"].ShouldBe(RedPixel.Id);
        Xep0084UserAvatar.TryReadData(item.FirstChild()!, out var bytes).ShouldBeTrue();
        bytes.ShouldBe(RedPixel.Png);
        Options(data)["pubsub#access_model"].ShouldBe("open");
        await server.Write(StanzaReply.Result(data));

        var metadata = await server.Read();
        Xep0084UserAvatar.ReadMetadata(Published(metadata, Ns.AvatarMetadata).FirstChild()!).ShouldBe([new AvatarInfo(RedPixel.Id, "image/png", 69, 1, 1)]);
        Options(metadata)["pubsub#max_items"].ShouldBe("1");
        Options(metadata).Flag("pubsub#persist_items").ShouldBe(true);
        await server.Write(StanzaReply.Result(metadata));
        (await publishing).ShouldBe(RedPixel.Id);
    }

    [Fact]
    [Trait("Requirement", "X84-10")]
    public async Task A_node_configured_otherwise_is_configured_and_the_item_published_again()
    {
        await using var server = new ScriptedServer();
        await using var client = await XmppClientTests.LogIn(server, XmppClientTests.Options(server));
        var publishing = new AvatarPublisher(client).Publish(RedPixel.Png, "presence");
        var first = await server.Read();
        var refusal = new StanzaErrorException(StanzaCondition.Conflict, null, new Element("precondition-not-met", Ns.PubSubErrors));
        await server.Write(StanzaReply.Error(first, refusal)!);

        var configuration = await server.Read();
        var configure = configuration.Child("pubsub", Ns.PubSubOwner)!.Child("configure")!;
        configure["node"].ShouldBe(Ns.AvatarData);
        DataForm.Find(configure, Ns.PubSubNodeConfig)!["pubsub#access_model"].ShouldBe("presence");
        await server.Write(StanzaReply.Result(configuration));

        foreach (var node in new[] { Ns.AvatarData, Ns.AvatarMetadata })
        {
            var request = await server.Read();
            Published(request, node)["id"].ShouldBe(RedPixel.Id);
            await server.Write(StanzaReply.Result(request));
        }

        (await publishing).ShouldBe(RedPixel.Id);
    }

    [Fact]
    [Trait("Requirement", "X84-8")]
    public async Task To_disable_the_avatar_empty_metadata_without_an_id_are_published()
    {
        await using var server = new ScriptedServer();
        await using var client = await XmppClientTests.LogIn(server, XmppClientTests.Options(server));
        var disabling = new AvatarPublisher(client).Disable();
        var request = await server.Read();
        var item = Published(request, Ns.AvatarMetadata);
        item["id"].ShouldBeNull();
        item.FirstChild()!.Nodes.Length.ShouldBe(0);
        await server.Write(StanzaReply.Result(request));
        await disabling;
    }

    [Fact]
    [Trait("Requirement", "X84-11")]
    public async Task What_is_no_PNG_or_too_big_for_the_server_is_not_sent()
    {
        var limits = new Element("limits", Ns.StreamLimits).Add("max-bytes", "500");
        await using var server = new ScriptedServer { ExtraFeature = limits };
        await using var client = await XmppClientTests.LogIn(server, XmppClientTests.Options(server));
        var publisher = new AvatarPublisher(client);
        await Should.ThrowAsync<ArgumentException>(() => publisher.Publish("RIFF....WEBP............"u8.ToArray()));
        await Should.ThrowAsync<ArgumentException>(() => publisher.Publish([.. RedPixel.Png, .. new byte[AvatarPublisher.MaxBytes]]));
        (await Should.ThrowAsync<ArgumentException>(() => publisher.Publish(RedPixel.Png))).Message.ShouldContain("the server takes 500");
    }

    [Theory]
    [Trait("Requirement", "X84-1")]
    [InlineData("pep", true)]
    [InlineData("service", false)]
    public async Task Support_is_asked_of_the_own_account(string type, bool supported)
    {
        await using var server = new ScriptedServer();
        await using var client = await XmppClientTests.LogIn(server, XmppClientTests.Options(server));
        var asking = new AvatarPublisher(client).IsSupported();
        var request = await server.Read();
        request["to"].ShouldBe("ada@example.org");
        await server.Write(StanzaReply.Result(request, new DiscoInfo([new DiscoIdentity("pubsub", type)], []).ToElement()));
        (await asking).ShouldBe(supported);
    }

    private static Element Published(Element iq, string node)
    {
        var publish = iq.Child("pubsub", Ns.PubSub)!.Child("publish")!;
        publish["node"].ShouldBe(node);
        return publish.Child("item")!;
    }

    private static DataForm Options(Element iq) => DataForm.Find(iq.Child("pubsub", Ns.PubSub)!.Child("publish-options")!, Ns.PubSubPublishOptions)!;
}
