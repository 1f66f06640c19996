using Likeness.Beside.Mirroring;
using Likeness.Beside.Tests.Support;
using Likeness.Stores;

namespace Likeness.Beside.Tests.Mirroring;

public sealed class SweepTests
{
    private static readonly byte[] Face = TestPicture.Png(1);

    [Fact]
    [Trait("Requirement", "B-71")]
    [Trait("Requirement", "B-72")]
    [Trait("Requirement", "B-38")]
    public async Task Everybody_on_the_list_is_looked_at_and_a_second_sweep_transfers_no_picture()
    {
        await using var stage = await new BesideStage().Start();
        foreach (var number in Enumerable.Range(0, 60))
        {
            _ = number % 3 == 0 ? stage.Chat.Avatars[$"person{number}"].Publish(TestPicture.Png(number)) : stage.Chat.Avatars[$"person{number}"].Shown;
        }

        (await stage.Beside.Take([.. Enumerable.Range(0, 60).Select(number => $"person{number}")], default)).ShouldBe(new AccountListResult(60, 60, 0, 0));
        await stage.When(async () => (await stage.Beside.Status(default)).Looked == 60);
        var status = await stage.Beside.Status(default);
        (status.Of(BesideState.Shown), status.Of(BesideState.Empty)).ShouldBe((20, 40));
        stage.Chat.Avatars.Fetches.ShouldBe(20);

        await stage.Beside.LookAtAll(default);
        await stage.When(async () => (await stage.Beside.Status(default)).Looked == 60);
        stage.Chat.Avatars.Fetches.ShouldBe(20);
    }

    [Fact]
    [Trait("Requirement", "B-71")]
    public async Task A_first_look_goes_on_where_a_restart_cut_it()
    {
        await using var stage = new BesideStage { With = options => options with { Rate = 20 } };
        await stage.Start();
        string[] names = [.. Enumerable.Range(0, 40).Select(number => $"person{number}")];
        foreach (var name in names)
        {
            stage.Chat.Avatars[name].Publish(Face);
        }

        await stage.Beside.Take(names, default);
        await Stage(stage, 10);
        await stage.Stop();
        await stage.Start();
        await Stage(stage, 40);
        stage.Chat.Avatars.Looks.ShouldBeLessThan(2 * (40 + BesideServer.Window) + 1, "the look itself, and one behind the subscription");
    }

    [Fact]
    [Trait("Requirement", "B-24")]
    public async Task An_answer_makes_no_account()
    {
        await using var stage = await new BesideStage().Start();
        await stage.Chat.Avatars.Presence("nobody", type: "unavailable");
        await stage.Quiet();
        (await stage.Beside.Status(default)).All.ShouldBe(0);
    }

    [Fact]
    [Trait("Requirement", "B-39")]
    public async Task Who_is_missing_twice_is_hidden_and_who_comes_back_is_there_again()
    {
        await using var stage = await new BesideStage().Start();
        string[] names = [.. Enumerable.Range(0, 10).Select(number => $"person{number}")];
        stage.Chat.Avatars["person0"].Publish(Face);
        foreach (var name in names)
        {
            _ = stage.Chat.Avatars[name];
        }

        await stage.Beside.Take(names, default);
        await stage.WhenShown("person0", PictureId.Of(Face).Hex);

        (await stage.Beside.Take(names[1..], default)).Gone.ShouldBe(0);
        (await Seen(stage)).ShouldBe(Visibility.Public);
        (await stage.Beside.Take(names[1..], default)).Gone.ShouldBe(1);
        (await Seen(stage)).ShouldBe(Visibility.Nobody);
        stage.Chat.Avatars.Published.ShouldBeEmpty();

        await stage.Beside.Take(names, default);
        await stage.When(async () => await Seen(stage) == Visibility.Public);
    }

    [Theory]
    [Trait("Requirement", "B-39")]
    [InlineData(0)]
    [InlineData(7)]
    public async Task A_list_that_cannot_be_true_changes_nothing(int length)
    {
        await using var stage = await new BesideStage().Start();
        string[] names = [.. Enumerable.Range(0, 10).Select(number => $"person{number}")];
        await stage.Beside.Take(names, default);
        await Should.ThrowAsync<AccountListRefusedException>(() => stage.Beside.Take(names[..length], default));
        await Should.ThrowAsync<AccountListRefusedException>(() => stage.Beside.Take([.. names, "somebody@example.net"], default));
        (await stage.Known("person9"))!.Missed.ShouldBe(0);
        (await stage.Beside.Take(names[..8], default)).Missing.ShouldBe(2);
    }

    [Fact]
    [Trait("Requirement", "B-74")]
    [Trait("Requirement", "B-37")]
    public async Task What_was_changed_in_chats_while_this_server_was_away_is_seen_when_people_are_heard_of()
    {
        await using var stage = await new BesideStage().Start();
        string[] names = [.. Enumerable.Range(0, 5).Select(number => $"person{number}")];
        foreach (var name in names)
        {
            stage.Chat.Avatars[name].Publish(Face);
            await stage.Chat.Avatars.Presence(name, FakeAvatars.Photo(PictureId.Of(Face).Hex));
        }

        await stage.Quiet();
        await stage.Stop();
        var changed = names.ToDictionary(name => name, name => stage.Chat.Avatars[name].Publish(TestPicture.Png(name[^1])));
        await stage.Start();
        foreach (var name in names)
        {
            // The server says again what the client said when it came.
            await stage.Chat.Avatars.Presence(name, FakeAvatars.Photo(PictureId.Of(Face).Hex));
        }

        await stage.Quiet();
        foreach (var name in names)
        {
            (await stage.Shown(name)).ShouldBe(changed[name]);
        }
    }

    [Fact]
    [Trait("Requirement", "B-73")]
    public void Somebody_who_says_the_same_again_and_again_is_not_looked_at_each_time()
    {
        var online = new Online(TimeProvider.System);
        var juliet = BesideStage.Of("juliet");
        online.Came(juliet, "phone", "a").ShouldBeTrue();
        online.Came(juliet, "phone", "a").ShouldBeFalse();
        online.Came(juliet, "phone", null).ShouldBeFalse();
        online.Came(juliet, "phone", "b").ShouldBeTrue();
        online.Count.ShouldBe(1);
        online.Went(juliet, "phone");
        online.Count.ShouldBe(0);
    }

    private static async Task<Visibility> Seen(BesideStage stage) => stage.Book.VisibilityOf(await stage.Book.Find(BesideStage.Of("person0")));

    private static Task Stage(BesideStage stage, int shown) => stage.WhenPulsed(async () => (await stage.Beside.Status(default)).Of(BesideState.Shown) >= shown);
}
