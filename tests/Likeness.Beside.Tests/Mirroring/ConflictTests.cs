using System.IO.Compression;
using Likeness.Beside.Tests.Support;
using Likeness.Stores;
using Likeness.Xmpp;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Xml;

namespace Likeness.Beside.Tests.Mirroring;

/// <summary>Both sides changed it: one counts, and the other is not lost.</summary>
public sealed class ConflictTests
{
    private static readonly byte[] Face = TestPicture.Png(1);
    private static readonly byte[] Other = TestPicture.Png(2);

    [Fact]
    [Trait("Requirement", "B-43")]
    public async Task Of_two_changes_while_nobody_heard_of_each_other_the_one_in_chats_is_heard_of_later()
    {
        await using var stage = await new BesideStage().Start();
        var juliet = stage.Chat.Avatars["juliet"];
        juliet.Publish(TestPicture.Png(3));
        await stage.Chat.Avatars.Presence("juliet");
        await stage.Quiet();
        stage.Chat.Refuses = "system-shutdown";
        stage.Chat.Drop();
        await stage.SetHere("juliet", Face);
        var inChats = juliet.Publish(Other);
        await stage.Stop();

        stage.Chat.Refuses = null;
        await stage.Start();
        await stage.WhenShown("juliet", inChats);
        await stage.Quiet();
        stage.Chat.Avatars.Published.ShouldBeEmpty();
        juliet.Shown.ShouldBe(inChats);
        (await stage.Beside.Status(default)).Unwritten.ShouldBe(0);
        (await Earlier(stage, "juliet")).ShouldBe([(IdOf(Face), Origin.Api), (IdOf(TestPicture.Png(3)), Origin.Beside)]);
    }

    [Fact]
    [Trait("Requirement", "B-43")]
    [Trait("Requirement", "P-60")]
    public async Task What_was_here_before_anything_was_known_of_the_account_is_an_earlier_picture()
    {
        await using var stage = new BesideStage();
        stage.Chat.Refuses = "system-shutdown";
        await stage.Start(isConnected: false);
        await stage.SetHere("juliet", Face);
        await stage.Stop();

        stage.Chat.Refuses = null;
        var inChats = stage.Chat.Avatars["juliet"].Publish(Other);
        await stage.Start();
        await stage.WhenShown("juliet", inChats);
        (await Earlier(stage, "juliet")).ShouldBe([(IdOf(Face), Origin.Api)]);
    }

    [Fact]
    [Trait("Requirement", "B-43")]
    [Trait("Requirement", "P-60")]
    public async Task What_nobody_told_of_in_chats_gives_way_to_what_is_set_here_and_is_an_earlier_picture()
    {
        await using var stage = await new BesideStage().Start();
        var juliet = stage.Chat.Avatars["juliet"];
        juliet.Publish(Other);
        var id = await stage.SetHere("juliet", Face);
        await stage.When(async () => await IsWritten(stage, "juliet"));
        (juliet.Shown, await stage.Shown("juliet")).ShouldBe((id, id));
        (await Earlier(stage, "juliet")).ShouldBe([(IdOf(Other), Origin.Beside)]);
        stage.Beside.Counters.All.Single(counter => counter.Key == "conflicts").Value.ShouldBe(1);

        // What is taken away here takes away what was set there meanwhile.
        juliet.Publish(TestPicture.Png(3));
        await stage.Book.Clear(BesideStage.Of("juliet"), new Cause(Origin.Web));
        await stage.When(() => juliet.Shown == "");
        (await Earlier(stage, "juliet")).Select(picture => picture.Id).ShouldBe([IdOf(TestPicture.Png(3)), id, IdOf(Other)], ignoreOrder: true);
    }

    [Fact]
    [Trait("Requirement", "B-42")]
    [Trait("Requirement", "B-43")]
    public async Task A_photo_that_only_the_vCard_has_and_nobody_looked_at_is_an_earlier_picture()
    {
        await using var stage = await new BesideStage().Start();
        var juliet = stage.Chat.Avatars["juliet"];
        juliet.KeepsVCard = true;
        juliet.VCard = Xep0054VCard.WithPhoto(new Element("vCard", Ns.VCard).Add("FN", "Juliet Capulet"), Other, "image/png");
        await stage.Chat.Avatars.Presence("juliet");
        await stage.Quiet();
        (await stage.Known("juliet"))!.State.ShouldBe(BesideState.Empty);

        var id = await stage.SetHere("juliet", Face);
        await stage.When(async () => await IsWritten(stage, "juliet"));
        (juliet.Shown, IdOf(Xep0054VCard.ReadPhoto(juliet.VCard).Bytes!)).ShouldBe((id, id));
        (await Earlier(stage, "juliet")).ShouldBe([(IdOf(Other), Origin.Beside)]);

        // Also where a picture in PEP is known, and what goes away is the picture here.
        juliet.KeepsVCard = false;
        juliet.VCard = Xep0054VCard.WithPhoto(juliet.VCard, TestPicture.Png(3), "image/png");
        await stage.Book.Clear(BesideStage.Of("juliet"), new Cause(Origin.Web));
        await stage.When(async () => (await stage.Known("juliet"))!.Written == "");
        Xep0054VCard.ReadPhoto(juliet.VCard).Kind.ShouldBe(VCardPhotoKind.None);
        (await Earlier(stage, "juliet")).Select(picture => picture.Id).ShouldBe([IdOf(TestPicture.Png(3)), id, IdOf(Other)], ignoreOrder: true);
    }

    [Fact]
    [Trait("Requirement", "B-43")]
    public async Task A_photo_of_the_vCard_gives_way_too_when_this_server_was_away()
    {
        await using var stage = new BesideStage();
        stage.Chat.Refuses = "system-shutdown";
        await stage.Start(isConnected: false);
        var id = await stage.SetHere("juliet", Face);
        var juliet = stage.Chat.Avatars["juliet"];
        juliet.VCard = Xep0054VCard.WithPhoto(juliet.VCard, Other, "image/png");
        await stage.Stop();

        stage.Chat.Refuses = null;
        await stage.Start();
        await stage.When(() => juliet.Shown == id);
        await stage.Quiet();
        (await Earlier(stage, "juliet")).ShouldBe([(IdOf(Other), Origin.Beside)]);
    }

    [Fact]
    [Trait("Requirement", "B-42")]
    [Trait("Requirement", "B-43")]
    public async Task A_smaller_copy_in_the_vCard_is_no_earlier_picture()
    {
        await using var stage = await new BesideStage().Start();
        var juliet = stage.Chat.Avatars["juliet"];
        juliet.Publish(Face);
        juliet.VCard = Xep0054VCard.WithPhoto(juliet.VCard, TestPicture.Png(1, CompressionLevel.NoCompression), "image/png");
        await stage.Chat.Avatars.Tell("juliet");
        await stage.WhenShown("juliet", IdOf(Face));
        await stage.SetHere("juliet", Other);
        await stage.When(async () => (await stage.Known("juliet"))!.Written == IdOf(Other));
        (await Earlier(stage, "juliet")).ShouldBe([(IdOf(Face), Origin.Beside)]);
    }

    [Fact]
    [Trait("Requirement", "B-43")]
    public async Task A_picture_in_chats_that_nobody_can_have_holds_up_nothing()
    {
        await using var stage = await new BesideStage().Start();
        var juliet = stage.Chat.Avatars["juliet"];
        juliet.Publish(Other);
        juliet.Data.Clear();
        juliet.VCard = new Element("vCard", Ns.VCard);
        var id = await stage.SetHere("juliet", Face);
        await stage.When(() => juliet.Shown == id);

        // Nor does one that is no picture.
        juliet.Publish("a picture of nothing"u8.ToArray());
        var later = await stage.SetHere("juliet", TestPicture.Png(3));
        await stage.When(() => juliet.Shown == later);
        (await Earlier(stage, "juliet")).ShouldBe([(id, Origin.Api)]);
    }

    [Fact]
    [Trait("Requirement", "B-42")]
    [Trait("Requirement", "B-43")]
    public async Task What_the_server_made_of_a_written_picture_is_no_earlier_one()
    {
        await using var stage = await new BesideStage().Start();
        var juliet = stage.Chat.Avatars["juliet"];
        stage.Chat.Avatars.Convert = _ => TestPicture.Png(1, CompressionLevel.NoCompression);
        await stage.SetHere("juliet", Face);
        await stage.When(async () => await IsWritten(stage, "juliet"));
        stage.Chat.Avatars.Convert = null;
        var later = await stage.SetHere("juliet", Other);
        await stage.When(() => juliet.Shown == later);
        (await Earlier(stage, "juliet")).ShouldBe([(IdOf(Face), Origin.Api)]);
    }

    [Fact]
    [Trait("Requirement", "B-43")]
    public async Task Somebody_here_who_undoes_every_change_in_chats_is_stopped()
    {
        await using var stage = await new BesideStage().Start();
        var juliet = stage.Chat.Avatars["juliet"];
        await stage.SetHere("juliet", Face);
        await stage.When(async () => await IsWritten(stage, "juliet"));
        for (var round = 0; round < 5; round++)
        {
            var inChats = juliet.Publish(TestPicture.Png(10 + round));
            await stage.Chat.Avatars.Tell("juliet");
            await stage.Quiet();
            (await stage.Shown("juliet")).ShouldBe(inChats);
            await stage.SetHere("juliet", TestPicture.Png(20 + round));
            await stage.Quiet();
        }

        // Two nodes each: the first write, and three that undid something.
        stage.Chat.Avatars.Published.Count.ShouldBe(2 * (1 + Beside.Mirroring.Delivery.MaxWritesPerHour));
        (await stage.Known("juliet"))!.State.ShouldBe(BesideState.Parked);
    }

    private static async Task<IEnumerable<(string Id, Origin Origin)>> Earlier(BesideStage stage, string name) =>
        (await stage.Stores.Albums.Find(BesideStage.Of(name))).Pictures.Where(picture => picture.Ended is not null).Select(picture => (picture.Source.Id.Hex, picture.Origin));

    private static string IdOf(byte[] picture) => Xep0084UserAvatar.IdOf(picture);

    private static async Task<bool> IsWritten(BesideStage stage, string name) => (await stage.Known(name))?.LocalVersion > 0;
}
