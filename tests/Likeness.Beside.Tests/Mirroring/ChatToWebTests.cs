using Likeness.Beside.Connections;
using Likeness.Beside.Tests.Support;
using Likeness.Libravatar;
using Likeness.Libravatar.Tests.Support;
using Likeness.Stores;
using Likeness.Xmpp;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Xml;

namespace Likeness.Beside.Tests.Mirroring;

public sealed class ChatToWebTests
{
    private static readonly byte[] Face = TestPicture.Png(1);
    private static readonly byte[] Other = TestPicture.Png(2);

    [Fact]
    [Trait("Requirement", "B-20")]
    [Trait("Requirement", "B-36")]
    [Trait("Requirement", "B-44")]
    public async Task An_avatar_in_chats_is_the_portrait_byte_for_byte()
    {
        await using var stage = await new BesideStage().Start();
        var id = stage.Chat.Avatars["juliet"].Publish(Face);
        await stage.Chat.Avatars.Presence("juliet", FakeAvatars.Photo(id));
        await stage.Quiet();

        (await stage.Shown("juliet")).ShouldBe(id);
        (await stage.Book.Read(new PictureId(id)))!.Bytes.ToArray().ShouldBe(Face);
        (await stage.Book.Find(BesideStage.Of("juliet"))).Origin.ShouldBe(Origin.Beside);
        (await stage.Book.Find(AddressHash.Md5("juliet@example.org")))!.Picture!.Id.Hex.ShouldBe(id);
        stage.Chat.Avatars.Published.ShouldBeEmpty();
    }

    [Fact]
    [Trait("Requirement", "B-32")]
    [Trait("Requirement", "B-40")]
    public async Task A_change_is_told_and_one_that_is_known_costs_nothing()
    {
        await using var stage = await new BesideStage().Start();
        var juliet = stage.Chat.Avatars["juliet"];
        juliet.Publish(Face, "presence");
        await stage.Chat.Avatars.Presence("juliet");
        await stage.Quiet();
        juliet.IsSubscribed.ShouldBeTrue();

        var other = juliet.Publish(Other, "presence");
        await stage.Chat.Avatars.Tell("juliet");
        await stage.Quiet();
        (await stage.Shown("juliet")).ShouldBe(other);

        var heard = stage.Chat.Heard.Count;
        await stage.Chat.Avatars.Tell("juliet");
        await stage.Quiet();
        (stage.Chat.Heard.Count - heard).ShouldBe(1, "the answer to the test's own question");
    }

    [Fact]
    [Trait("Requirement", "B-33")]
    public async Task No_node_is_made_for_a_person_without_avatar()
    {
        await using var stage = await new BesideStage().Start();
        var juliet = stage.Chat.Avatars["juliet"];
        await stage.Chat.Avatars.Presence("juliet");
        await stage.Quiet();

        (juliet.MetadataAccess, juliet.DataAccess, juliet.IsMember).ShouldBe((null, null, false));
        (await stage.Known("juliet"))!.State.ShouldBe(BesideState.Empty);
    }

    [Fact]
    [Trait("Requirement", "B-23")]
    [Trait("Requirement", "B-55")]
    public async Task An_avatar_that_is_taken_away_in_chats_is_gone_here()
    {
        await using var stage = await new BesideStage().Start();
        var juliet = stage.Chat.Avatars["juliet"];
        juliet.Publish(Face);
        await stage.Chat.Avatars.Presence("juliet");
        await stage.Quiet();
        (await stage.Shown("juliet")).ShouldNotBeNull();

        juliet.Clear();
        await stage.Chat.Avatars.Tell("juliet");
        await stage.Quiet();
        (await stage.Shown("juliet")).ShouldBeNull();
        stage.Chat.Avatars.Published.ShouldBeEmpty();
    }

    [Fact]
    [Trait("Requirement", "B-23")]
    public async Task Who_does_not_answer_or_refuses_keeps_what_is_known()
    {
        await using var stage = await new BesideStage().Start();
        var juliet = stage.Chat.Avatars["juliet"];
        var id = juliet.Publish(Face);
        await stage.Chat.Avatars.Presence("juliet");
        await stage.Quiet();

        // As a stranger from now on, and the node is closed to strangers.
        await stage.Chat.Grant("<privilege xmlns='urn:xmpp:privilege:2'/>");
        (juliet.MetadataAccess, juliet.DataAccess) = ("whitelist", "whitelist");
        await stage.Chat.Fence();
        await stage.Beside.LookAtAll(default);
        await stage.Quiet();
        (await stage.Shown("juliet")).ShouldBe(id);
        (await stage.Known("juliet"))!.Seen.ShouldBe(id);

        // What is known is known to be taken away.
        await stage.Chat.Grant(FakeChatServer.AllGrants);
        await stage.Chat.Fence();
        juliet.Clear();
        await stage.Beside.LookAtAll(default);
        await stage.Quiet();
        (await stage.Shown("juliet")).ShouldBeNull();
    }

    [Fact]
    [Trait("Requirement", "B-17")]
    [Trait("Requirement", "B-23")]
    [Trait("Requirement", "B-70")]
    public async Task Silence_says_nothing_and_slows_the_pace()
    {
        var time = new ManualTime();
        await using var stage = new BesideStage { Time = time };
        time.Advance(TimeSpan.FromMinutes(1));
        await stage.Start();
        var juliet = stage.Chat.Avatars["juliet"];
        var id = juliet.Publish(Face);
        time.Advance(TimeSpan.FromSeconds(1));
        await stage.Chat.Avatars.Presence("juliet");
        await stage.Quiet();
        (await stage.Shown("juliet")).ShouldBe(id);

        stage.Chat.Avatars.IsSilent = true;
        juliet.Clear();
        time.Advance(TimeSpan.FromSeconds(1));
        await stage.Chat.Avatars.Presence("juliet", FakeAvatars.Photo(""));
        await time.Waiting(ComponentLink.RequestTimeout);
        time.Advance(ComponentLink.RequestTimeout);
        await stage.Quiet();
        (await stage.Shown("juliet")).ShouldBe(id);
        (await stage.Beside.Status(default)).Rate.ShouldBe(500);
    }

    [Fact]
    [Trait("Requirement", "B-26")]
    public async Task Of_a_vcard_nothing_but_the_photo_is_kept()
    {
        await using var stage = new BesideStage();
        stage.Chat.Grants = "<privilege xmlns='urn:xmpp:privilege:1'><perm access='presence' type='managed_entity'/></privilege>";
        stage.Chat.Avatars.LeaksVCards = true;
        await stage.Start();
        var juliet = stage.Chat.Avatars["juliet"];
        juliet.VCard = new Element("vCard", Ns.VCard).Add("FN", "Giulietta Cappelletti").Add("JABBERID", "0171-555-0192");
        var id = juliet.Publish(Face, "presence");
        await stage.Chat.Avatars.Presence("juliet");
        await stage.Quiet();
        (await stage.Shown("juliet")).ShouldBe(id);

        await stage.Stop();
        foreach (var file in Directory.EnumerateFiles(stage.Folder, "*", SearchOption.AllDirectories))
        {
            var kept = await File.ReadAllBytesAsync(file);
            kept.AsSpan().IndexOf("Cappelletti"u8).ShouldBe(-1);
            kept.AsSpan().IndexOf("555-0192"u8).ShouldBe(-1);
        }

        await stage.Start();
    }

    [Theory]
    [Trait("Requirement", "B-82")]
    [InlineData(true, true)]
    [InlineData(null, true)]
    [InlineData(false, false)]
    public async Task A_chat_address_is_an_email_address_unless_the_operator_says_otherwise(bool? isSame, bool isFound)
    {
        await using var stage = await new BesideStage { With = options => options with { AddressesAreTheSame = isSame } }.Start();
        var id = stage.Chat.Avatars["juliet"].Publish(Face);
        await stage.Chat.Avatars.Presence("juliet");
        await stage.Quiet();
        (await stage.Shown("juliet")).ShouldBe(id);
        (await stage.Book.Find(AddressHash.Md5("juliet@example.org")) is not null).ShouldBe(isFound);
    }

    [Fact]
    [Trait("Requirement", "B-82")]
    public async Task An_address_that_is_somebody_elses_stays_theirs()
    {
        await using var stage = await new BesideStage().Start();
        var nurse = new Identity("nurse@example.org");
        await new AddressBook(stage.Stores.Portraits).Add(nurse, Address.Email("juliet@example.org"));
        var id = stage.Chat.Avatars["juliet"].Publish(Face);
        await stage.Chat.Avatars.Presence("juliet");
        await stage.Quiet();
        (await stage.Shown("juliet")).ShouldBe(id);
        (await stage.Book.Find(AddressHash.Md5("juliet@example.org")))!.Identity.ShouldBe(nurse);
    }

    [Theory]
    [Trait("Requirement", "B-34")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_lost_subscription_is_made_again(bool isTold)
    {
        await using var stage = await new BesideStage().Start();
        var juliet = stage.Chat.Avatars["juliet"];
        juliet.Publish(Face);
        await stage.Chat.Avatars.Presence("juliet");
        await stage.Quiet();
        juliet.IsSubscribed.ShouldBeTrue();

        // The node was deleted, and is there again.
        (juliet.IsMember, juliet.IsSubscribed) = (false, false);
        if (isTold)
        {
            await stage.Chat.Send($"<message from='juliet@{FakeChatServer.Domain}' to='{FakeChatServer.Component}'><event xmlns='{Ns.PubSubEvent}'><delete node='{Ns.AvatarMetadata}'/></event></message>");
            await stage.Quiet();
        }
        else
        {
            await stage.Beside.LookAtAll(default);
            await stage.When(() => juliet.IsSubscribed);
        }

        juliet.IsSubscribed.ShouldBeTrue();
    }

    [Fact]
    [Trait("Requirement", "B-22")]
    public async Task Without_grants_the_vcard_tells_what_a_stranger_is_given()
    {
        await using var stage = new BesideStage();
        stage.Chat.Grants = null;
        stage.Chat.Avatars.LeaksVCards = true;
        var id = stage.Chat.Avatars["juliet"].Publish(Face, "presence");
        await stage.Start(isConnected: false);
        await stage.Chat.Connected;
        await stage.Chat.Grant("<privilege xmlns='urn:xmpp:privilege:1'><perm access='presence' type='managed_entity'/></privilege>");
        await stage.Chat.Avatars.Presence("juliet");
        await stage.WhenShown("juliet", id);
        (await stage.Known("juliet"))!.FromVCard.ShouldBeTrue();

        stage.Chat.Avatars["juliet"].Clear();
        await stage.Beside.LookAtAll(default);
        await stage.WhenShown("juliet", null);
    }

    [Fact]
    [Trait("Requirement", "B-25")]
    [Trait("Requirement", "B-78")]
    public async Task What_is_no_picture_is_refused_once_and_the_old_one_stays()
    {
        await using var stage = await new BesideStage().Start();
        var juliet = stage.Chat.Avatars["juliet"];
        var id = juliet.Publish(Face);
        await stage.Chat.Avatars.Presence("juliet");
        await stage.Quiet();

        juliet.Publish("<svg/>"u8.ToArray());
        await stage.Chat.Avatars.Tell("juliet");
        await stage.Quiet();
        var (fetches, heard) = (stage.Chat.Avatars.Fetches, stage.Chat.Heard.Count);
        await stage.Chat.Avatars.Tell("juliet");
        await stage.Quiet();
        (stage.Chat.Heard.Count - heard).ShouldBe(1, "the answer to the test's own question");
        await stage.Beside.LookAtAll(default);
        await stage.Quiet();

        (await stage.Shown("juliet")).ShouldBe(id);
        (await stage.Known("juliet"))!.State.ShouldBe(BesideState.Refused);
        stage.Chat.Avatars.Fetches.ShouldBe(fetches);
    }

    [Fact]
    [Trait("Requirement", "B-78")]
    public async Task Bytes_that_are_not_what_they_are_called_and_endless_metadata_do_no_harm()
    {
        await using var stage = await new BesideStage().Start();
        var juliet = stage.Chat.Avatars["juliet"];
        var id = juliet.Publish(Face);
        juliet.Data[id] = Other;
        juliet.VCard = new Element("vCard", Ns.VCard);
        await stage.Chat.Avatars.Presence("juliet");
        await stage.Quiet();
        (await stage.Shown("juliet")).ShouldBeNull();

        var romeo = stage.Chat.Avatars["romeo"];
        romeo.Publish(Face);
        romeo.Metadata = Xep0084UserAvatar.Metadata(Enumerable.Range(0, 10_000).Select(number => new AvatarInfo(Xep0084UserAvatar.IdOf(BitConverter.GetBytes(number)), "image/png", 1)));
        await stage.Chat.Avatars.Presence("romeo");
        await stage.Quiet();
        (await stage.Shown("romeo")).ShouldBeNull();
        stage.Beside.Health.Works.ShouldBeTrue();
        stage.Chat.Connections.ShouldBe(1);
    }
}
