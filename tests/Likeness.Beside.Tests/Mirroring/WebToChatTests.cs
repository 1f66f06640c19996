using System.IO.Compression;
using Likeness.Accounts;
using Likeness.Beside.Tests.Support;
using Likeness.Stores;
using Likeness.Xmpp;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Xml;

namespace Likeness.Beside.Tests.Mirroring;

public sealed class WebToChatTests
{
    private static readonly byte[] Face = TestPicture.Png(1);
    private static readonly byte[] Other = TestPicture.Png(2);

    [Fact]
    [Trait("Requirement", "B-21")]
    [Trait("Requirement", "B-50")]
    public async Task What_is_set_here_is_published_in_the_owners_name_bytes_first()
    {
        await using var stage = await new BesideStage().Start();
        var juliet = stage.Chat.Avatars["juliet"];
        var id = await stage.SetHere("juliet", Face);
        await stage.When(async () => juliet.Shown == id && await IsWritten(stage, "juliet"));

        stage.Chat.Avatars.Published.ShouldBe([Ns.AvatarData, Ns.AvatarMetadata]);
        juliet.Data[id].ShouldBe(Face);
        juliet.MetadataAccess.ShouldBe("open", "nobody had chosen, and the portrait is public");
        (await stage.Known("juliet"))!.Written.ShouldBe(id);
    }

    [Fact]
    [Trait("Requirement", "B-40")]
    [Trait("Requirement", "B-41")]
    public async Task The_echo_of_a_write_is_nothing_new_also_after_a_restart()
    {
        await using var stage = await new BesideStage().Start();
        var juliet = stage.Chat.Avatars["juliet"];
        var id = await stage.SetHere("juliet", Face);
        await stage.When(async () => await IsWritten(stage, "juliet"));
        await stage.Chat.Avatars.Tell("juliet");
        await stage.Quiet();
        await stage.Stop();
        await stage.Start();
        await stage.Chat.Avatars.Presence("juliet", FakeAvatars.Photo(id));
        await stage.Quiet();

        stage.Chat.Avatars.Published.Count.ShouldBe(2);
        stage.Chat.Avatars.Fetches.ShouldBe(1, "whether the server makes the vCard was looked at once");
        (await stage.Book.Find(BesideStage.Of("juliet"))).Origin.ShouldBe(Origin.Api);
        juliet.Shown.ShouldBe(id);
    }

    [Fact]
    [Trait("Requirement", "B-50")]
    public async Task What_the_owner_chose_for_nodes_that_are_there_stays()
    {
        await using var stage = await new BesideStage().Start();
        var juliet = stage.Chat.Avatars["juliet"];
        juliet.Publish(Other, "presence");
        await stage.Chat.Avatars.Presence("juliet");
        await stage.Quiet();

        var id = await stage.SetHere("juliet", Face);
        await stage.When(() => juliet.Shown == id);
        (juliet.MetadataAccess, juliet.DataAccess).ShouldBe(("presence", "presence"));
    }

    [Fact]
    [Trait("Requirement", "B-55")]
    public async Task What_is_taken_away_here_is_taken_away_in_chats()
    {
        await using var stage = await new BesideStage().Start();
        var juliet = stage.Chat.Avatars["juliet"];
        juliet.Publish(Face);
        await stage.Chat.Avatars.Presence("juliet");
        await stage.Quiet();

        await stage.Book.Clear(BesideStage.Of("juliet"), new Cause(Origin.Api));
        await stage.When(() => juliet.Shown == "");
        Xep0054VCard.ReadPhoto(juliet.VCard).Kind.ShouldBe(VCardPhotoKind.None);
    }

    [Fact]
    [Trait("Requirement", "B-56")]
    [Trait("Requirement", "B-74")]
    [Trait("Requirement", "B-75")]
    public async Task What_is_set_while_the_chat_server_is_away_waits_for_it_and_outlives_a_restart()
    {
        await using var stage = await new BesideStage().Start();
        var juliet = stage.Chat.Avatars["juliet"];
        stage.Chat.Refuses = "system-shutdown";
        stage.Chat.Drop();
        await stage.SetHere("juliet", Other);
        var id = await stage.SetHere("juliet", Face);
        (await stage.Beside.Status(default)).Unwritten.ShouldBe(1);
        await stage.Stop();

        stage.Chat.Refuses = null;
        await stage.Start();
        await stage.When(() => juliet.Shown == id);
        stage.Chat.Avatars.Published.Count.ShouldBe(2, "only the latest state is written");
        await stage.When(async () => (await stage.Beside.Status(default)).Unwritten == 0);
    }

    [Fact]
    [Trait("Requirement", "B-57")]
    public async Task It_is_said_where_a_portrait_is()
    {
        await using var stage = await new BesideStage().Start();
        var juliet = stage.Chat.Avatars["juliet"];
        (await stage.Beside.StandingOf(new Identity("nurse@example.net"), default)).ShouldBeNull();
        stage.Chat.Refuses = "system-shutdown";
        stage.Chat.Drop();
        await stage.SetHere("juliet", Face);
        (await stage.Beside.StandingOf(BesideStage.Of("juliet"), default)).ShouldBe(ChatStanding.Waiting);
        await stage.Stop();

        stage.Chat.Refuses = null;
        await stage.Start();
        await stage.When(async () => await stage.Beside.StandingOf(BesideStage.Of("juliet"), default) == ChatStanding.InChats);
        juliet.Shown.ShouldNotBeNull();
        await stage.Stop();

        stage.Chat.Grants = "<privilege xmlns='urn:xmpp:privilege:2'/>";
        await stage.Start();
        await stage.SetHere("juliet", Other);
        (await stage.Beside.StandingOf(BesideStage.Of("juliet"), default)).ShouldBe(ChatStanding.OnlyHere);
    }

    [Fact]
    [Trait("Requirement", "B-81")]
    public async Task A_person_of_the_chat_server_is_written_to()
    {
        await using var stage = await new BesideStage().Start();
        (await stage.Beside.Tell(BesideStage.Of("juliet"), "https://example.org/in/1", default)).ShouldBeTrue();
        (await stage.Beside.Tell(new Identity("nurse@example.net"), "https://example.org/in/2", default)).ShouldBeFalse();
        await stage.Chat.Fence();
        var message = stage.Chat.Heard.Where(stanza => stanza.Name == "message").ShouldHaveSingleItem();
        (message["from"], message["to"], message.Child("body")!.Text()).ShouldBe((FakeChatServer.Component, "juliet@example.org", "https://example.org/in/1"));
    }

    [Fact]
    [Trait("Requirement", "B-42")]
    public async Task What_the_server_makes_of_a_written_picture_is_an_echo_and_a_later_change_is_one()
    {
        await using var stage = await new BesideStage().Start();
        var juliet = stage.Chat.Avatars["juliet"];
        stage.Chat.Avatars.Convert = _ => TestPicture.Png(1, CompressionLevel.NoCompression);
        var id = await stage.SetHere("juliet", Face);
        await stage.When(async () => await IsWritten(stage, "juliet"));
        var made = juliet.Shown!;
        made.ShouldNotBe(id);
        await stage.Chat.Avatars.Tell("juliet");
        await stage.Chat.Avatars.Presence("juliet", FakeAvatars.Photo(made));
        await stage.Quiet();

        (await stage.Shown("juliet")).ShouldBe(id);
        (await stage.Known("juliet"))!.Alias.ShouldBe(made);
        stage.Chat.Avatars.Published.Count.ShouldBe(2);

        var later = juliet.Publish(Other);
        await stage.Chat.Avatars.Tell("juliet");
        await stage.Quiet();
        (await stage.Shown("juliet")).ShouldBe(later);
    }

    [Fact]
    [Trait("Requirement", "B-5")]
    public async Task Without_a_way_to_write_nothing_is_tried_and_it_is_said()
    {
        await using var stage = new BesideStage();
        stage.Chat.Grants = "<privilege xmlns='urn:xmpp:privilege:1'><perm access='presence' type='managed_entity'/></privilege>";
        await stage.Start();
        await stage.SetHere("juliet", Face);
        await stage.Quiet();
        stage.Chat.Avatars.Published.ShouldBeEmpty();
        stage.Beside.Health.ShouldBe((true, "connected, reads only"));
        (await stage.Beside.Status(default)).Unwritten.ShouldBe(1);
    }

    [Fact]
    [Trait("Requirement", "B-55")]
    [Trait("Requirement", "B-56")]
    public async Task The_picture_of_who_deletes_the_account_here_goes_from_chats_also_after_a_restart()
    {
        await using var stage = await new BesideStage().Start();
        var juliet = stage.Chat.Avatars["juliet"];
        var id = juliet.Publish(Face);
        await stage.Chat.Avatars.Presence("juliet");
        await stage.WhenShown("juliet", id);
        await stage.Accounts.OpenElsewhere(BesideStage.Of("juliet"), isAddress: true);
        stage.Chat.Refuses = "system-shutdown";
        stage.Chat.Drop();
        (await stage.Accounts.Close(BesideStage.Of("juliet"))).ShouldBeTrue();
        await stage.Stop();
        juliet.Shown.ShouldNotBeNullOrEmpty();

        stage.Chat.Refuses = null;
        await stage.Start();
        await stage.When(() => juliet.Shown == "");
        await stage.Quiet();
        (await stage.Shown("juliet")).ShouldBeNull();
    }

    [Fact]
    [Trait("Requirement", "B-40")]
    public async Task Where_nothing_may_be_written_the_picture_of_who_deletes_the_account_is_seen_here_no_more()
    {
        await using var stage = new BesideStage();
        stage.Chat.Grants = "<privilege xmlns='urn:xmpp:privilege:1'><perm access='presence' type='managed_entity'/></privilege>";
        await stage.Start();
        var juliet = stage.Chat.Avatars["juliet"];
        var id = juliet.Publish(Face);
        await stage.Chat.Avatars.Presence("juliet");
        await stage.WhenShown("juliet", id);
        await stage.Accounts.OpenElsewhere(BesideStage.Of("juliet"), isAddress: true);
        await stage.Accounts.Close(BesideStage.Of("juliet"));
        await stage.Beside.LookAtAll(default);
        await stage.Quiet();
        (juliet.Shown is { Length: > 0 }, await stage.Shown("juliet")).ShouldBe((true, null));

        id = juliet.Publish(Other);
        await stage.Beside.LookAtAll(default);
        await stage.WhenShown("juliet", id);
    }

    [Fact]
    [Trait("Requirement", "B-5")]
    [Trait("Requirement", "B-54")]
    public async Task Where_senders_are_not_checked_a_persons_whole_address_writes()
    {
        await using var stage = new BesideStage { With = options => options with { ActsAsUsers = true } };
        stage.Chat.Grants = "<privilege xmlns='urn:xmpp:privilege:2'><perm access='presence' type='managed_entity'/></privilege>";
        stage.Chat.Avatars.TrustsSenders = true;
        await stage.Start();
        var juliet = stage.Chat.Avatars["juliet"];
        juliet.KeepsVCard = true;
        var id = await stage.SetHere("juliet", Face);
        await stage.When(async () => await IsWritten(stage, "juliet"));
        (juliet.Shown, stage.Chat.Avatars.Published.Count).ShouldBe((id, 2));
        Xep0054VCard.ReadPhoto(juliet.VCard).Bytes.ShouldBe(Face);

        await stage.Book.SetVisibility(BesideStage.Of("juliet"), Visibility.Contacts, new Cause(Origin.Api));
        await stage.When(() => (juliet.MetadataAccess, juliet.DataAccess) == ("presence", "presence"));
        await stage.Book.Clear(BesideStage.Of("juliet"), new Cause(Origin.Api));
        await stage.When(() => juliet.Shown == "");
        stage.Chat.Heard.Where(stanza => stanza["type"] == "set" && stanza["to"] == BesideStage.Of("juliet").Value).ShouldAllBe(stanza => Jid.Parse(stanza["from"]!).Resource!.StartsWith("likeness-", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Requirement", "B-58")]
    public async Task Chats_get_the_picture_first_and_links_to_larger_ones_behind_it()
    {
        await using var stage = await new BesideStage().Start();
        var picture = Picture.Of(Face, "image/png", 64, 64);
        var larger = new PictureLink("https://example.org/p/1/512.png", "2222222222222222222222222222222222222222", "image/png", 5000, 512, 512);
        await stage.Book.Set(BesideStage.Of("juliet"), new NewPortrait { Picture = picture, Links = [larger] }, new Cause(Origin.Api));
        var juliet = stage.Chat.Avatars["juliet"];
        await stage.When(async () => await IsWritten(stage, "juliet"));
        Xep0084UserAvatar.ReadMetadata(juliet.Metadata!).Select(info => (info.Id, info.Url))
            .ShouldBe([(picture.Id.Hex, null), (larger.Id, larger.Url)]);

        // Not for contacts: the links would show it to everybody.
        await stage.Book.SetVisibility(BesideStage.Of("juliet"), Visibility.Contacts, new Cause(Origin.Api));
        var other = Picture.Of(Other, "image/png", 64, 64);
        await stage.Book.Set(BesideStage.Of("juliet"), new NewPortrait { Picture = other, Links = [larger] }, new Cause(Origin.Api));
        await stage.When(() => juliet.Shown == other.Id.Hex);
        Xep0084UserAvatar.ReadMetadata(juliet.Metadata!).ShouldHaveSingleItem();
    }

    [Fact]
    [Trait("Requirement", "B-52")]
    public async Task A_vcard_that_the_server_does_not_make_is_changed_and_nothing_more()
    {
        await using var stage = await new BesideStage().Start();
        var juliet = stage.Chat.Avatars["juliet"];
        juliet.KeepsVCard = true;
        juliet.VCard = new Element("vCard", Ns.VCard).Add("FN", "Juliet Capulet");
        await stage.SetHere("juliet", Face);
        await stage.When(async () => await IsWritten(stage, "juliet"));

        Xep0054VCard.ReadPhoto(juliet.VCard).Bytes.ShouldBe(Face);
        juliet.VCard.Child("FN")!.Text().ShouldBe("Juliet Capulet");
    }

    private static async Task<bool> IsWritten(BesideStage stage, string name) => (await stage.Known(name))?.LocalVersion > 0;
}
