using Likeness.Beside.Tests.Support;
using Likeness.Libravatar.Tests.Support;

namespace Likeness.Beside.Tests.Mirroring;

public sealed class VisibilityTests
{
    private static readonly byte[] Face = TestPicture.Png(1);

    [Theory]
    [Trait("Requirement", "B-61")]
    [InlineData("open", "open", Visibility.Public)]
    [InlineData("open", "presence", Visibility.Contacts)]
    [InlineData("roster", "open", Visibility.Contacts)]
    [InlineData("whitelist", "open", Visibility.Nobody)]
    [InlineData("open", "authorize", Visibility.Nobody)]
    public async Task The_stricter_of_the_nodes_says_who_sees_it(string metadata, string data, Visibility expected)
    {
        await using var stage = await new BesideStage().Start();
        var juliet = stage.Chat.Avatars["juliet"];
        juliet.Publish(Face);
        (juliet.MetadataAccess, juliet.DataAccess) = (metadata, data);
        await stage.Chat.Avatars.Presence("juliet");
        await stage.Quiet();
        (await Seen(stage)).ShouldBe(expected);
    }

    [Theory]
    [Trait("Requirement", "B-60")]
    [Trait("Requirement", "B-66")]
    [InlineData(UnchosenVisibility.AsStrangersSee, false, Visibility.Contacts)]
    [InlineData(UnchosenVisibility.AsStrangersSee, true, Visibility.Public)]
    [InlineData(UnchosenVisibility.Public, false, Visibility.Public)]
    [InlineData(UnchosenVisibility.Contacts, true, Visibility.Contacts)]
    public async Task What_nobody_chose_is_as_strangers_see_it_unless_the_operator_decided(UnchosenVisibility unchosen, bool leaks, Visibility expected)
    {
        await using var stage = new BesideStage { With = options => options with { Unchosen = unchosen } };
        stage.Chat.Avatars.LeaksVCards = leaks;
        await stage.Start();
        stage.Chat.Avatars["juliet"].Publish(Face, "presence");
        await stage.Chat.Avatars.Presence("juliet");
        await stage.Quiet();
        (await Seen(stage)).ShouldBe(expected);

        // Being a member and subscriber, the component itself sees more than a stranger.
        stage.Chat.Avatars["juliet"].IsMember.ShouldBeTrue();
        stage.Chat.Avatars["juliet"].Publish(TestPicture.Png(2), "presence");
        await stage.Chat.Avatars.Tell("juliet");
        await stage.Quiet();
        (await Seen(stage)).ShouldBe(expected);
    }

    [Theory]
    [Trait("Requirement", "B-62")]
    [InlineData("open", UnchosenVisibility.AsStrangersSee, Visibility.Public)]
    [InlineData("presence", UnchosenVisibility.AsStrangersSee, Visibility.Public)]
    [InlineData("presence", UnchosenVisibility.Contacts, Visibility.Contacts)]
    [InlineData("whitelist", UnchosenVisibility.AsStrangersSee, Visibility.Nobody)]
    public async Task Without_the_owners_rights_what_a_stranger_is_told_says_who_sees_it(string access, UnchosenVisibility unchosen, Visibility expected)
    {
        var time = new ManualTime();
        await using var stage = StandingStage.On(time, options => options with { Unchosen = unchosen });
        stage.Chat.Grants = "<privilege xmlns='urn:xmpp:privilege:1'><perm access='presence' type='managed_entity'/></privilege>";
        stage.Chat.Avatars.LeaksVCards = true;
        await stage.StartApart(time);
        await stage.Connect(time);
        stage.Chat.Avatars["juliet"].Publish(Face, access);
        await stage.Chat.Avatars.Presence("juliet");
        await stage.Quiet();
        (await Seen(stage)).ShouldBe(expected);

        // No answer is no statement.
        stage.Chat.Avatars["juliet"].Publish(TestPicture.Png(2), access);
        stage.Chat.Avatars.IsSilent = true;
        await stage.Chat.Avatars.Tell("juliet");
        await stage.WhenGivenUp(time);
        (await Seen(stage)).ShouldBe(expected);
    }

    [Fact]
    [Trait("Requirement", "B-64")]
    public async Task An_avatar_that_became_private_is_hidden_at_the_next_look()
    {
        await using var stage = await new BesideStage().Start();
        var juliet = stage.Chat.Avatars["juliet"];
        juliet.Publish(Face);
        await stage.Chat.Avatars.Presence("juliet");
        await stage.Quiet();
        (await Seen(stage)).ShouldBe(Visibility.Public);

        (juliet.MetadataAccess, juliet.DataAccess) = ("whitelist", "whitelist");
        await stage.Beside.LookAtAll(default);
        await stage.When(async () => await Seen(stage) == Visibility.Nobody);
        (await stage.Shown("juliet")).ShouldNotBeNull();
        stage.Chat.Avatars.Published.ShouldBeEmpty();
    }

    [Fact]
    [Trait("Requirement", "B-63")]
    public async Task A_visibility_that_is_chosen_here_is_that_of_both_nodes_and_stays()
    {
        await using var stage = new BesideStage();
        stage.Chat.Avatars.LeaksVCards = true;
        await stage.Start();
        var juliet = stage.Chat.Avatars["juliet"];
        juliet.Publish(Face);
        await stage.Chat.Avatars.Presence("juliet");
        await stage.Quiet();

        await stage.Book.SetVisibility(BesideStage.Of("juliet"), Visibility.Contacts, new Cause(Origin.Api));
        await stage.When(() => (juliet.MetadataAccess, juliet.DataAccess) == ("presence", "presence"));
        stage.Chat.Avatars.Published.ShouldBeEmpty();

        // That is what new nodes have, too, but here it was chosen.
        juliet.Publish(TestPicture.Png(2), "presence");
        await stage.Chat.Avatars.Tell("juliet");
        await stage.Quiet();
        (await Seen(stage)).ShouldBe(Visibility.Contacts);
    }

    [Theory]
    [Trait("Requirement", "B-51")]
    [InlineData("presence")]
    [InlineData("whitelist")]
    public async Task A_node_of_another_kind_is_configured_and_published_to_once_more(string before)
    {
        await using var stage = await new BesideStage().Start();
        var juliet = stage.Chat.Avatars["juliet"];
        juliet.Publish(Face, before);
        await stage.Chat.Avatars.Presence("juliet");
        await stage.Quiet();

        // Both at once reach the chat server as one state.
        stage.Chat.Avatars.IsSilent = true;
        await stage.Book.SetVisibility(BesideStage.Of("juliet"), Visibility.Public, new Cause(Origin.Api));
        var id = await stage.SetHere("juliet", TestPicture.Png(2));
        stage.Chat.Avatars.IsSilent = false;
        stage.Chat.Drop();
        await stage.When(() => juliet.Shown == id && (juliet.MetadataAccess, juliet.DataAccess) == ("open", "open"));
        (await stage.Beside.Status(default)).Counters["failures"].ShouldBe(0);
    }

    private static async Task<Visibility> Seen(BesideStage stage) => stage.Book.VisibilityOf(await stage.Book.Find(BesideStage.Of("juliet")));
}
