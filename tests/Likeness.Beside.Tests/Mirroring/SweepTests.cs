using Likeness.Beside.Mirroring;
using Likeness.Beside.Tests.Support;
using Likeness.Libravatar.Tests.Support;
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

        (await stage.Beside.Take([.. Enumerable.Range(0, 60).Select(number => $"person{number}@example.org"), "OK: Showing all 60 users"], default)).ShouldBe(new AccountListResult(60, 60, 0, 0));
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
        await using var stage = await new BesideStage().Start();
        string[] names = [.. Enumerable.Range(0, 40).Select(number => $"person{number}")];
        foreach (var name in names)
        {
            stage.Chat.Avatars[name].Publish(Face);
        }

        stage.Chat.Avatars.AnsweredAccounts = 10;
        await stage.Beside.Take(names, default);
        await Stage(stage, 10);
        await stage.Stop();
        FakeAccount[] known = [.. stage.Chat.Avatars.Looked.Distinct().Take(10)];

        stage.Chat.Avatars.Looked.Clear();
        stage.Chat.Avatars.AnsweredAccounts = null;
        await stage.Start();
        await Stage(stage, 40);

        // As many are looked at at once: so many fewer are sure to have come before the first that was known.
        stage.Chat.Avatars.Looked.Distinct().Take(40 - known.Length - BesideServer.Window).ShouldNotContain(account => known.Contains(account));
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

    [Fact]
    [Trait("Requirement", "B-39")]
    [Trait("Requirement", "B-80")]
    public async Task Whose_password_is_there_is_let_in_no_more_when_they_are_gone_and_has_no_account_afterwards()
    {
        await using var stage = await new BesideStage { With = options => options with { KeepGone = TimeSpan.Zero } }.Start();
        string[] names = [.. Enumerable.Range(0, 10).Select(number => $"person{number}")];
        Identity gone = BesideStage.Of("person0"), own = BesideStage.Of("person1"), there = BesideStage.Of("person2");
        await stage.Accounts.OpenElsewhere(gone, isAddress: true);
        await stage.Accounts.OpenElsewhere(there, isAddress: true);
        await stage.Accounts.Add(own, "wherefore art thou", "root");
        foreach (var name in names)
        {
            _ = stage.Chat.Avatars[name];
        }

        await stage.Beside.Take(names, default);
        await stage.When(async () => (await stage.Beside.Status(default)).Of(BesideState.Empty) == names.Length);
        await stage.Quiet();
        for (var time = 0; time < 2; time++)
        {
            await stage.Beside.Take(names[2..], default);
        }

        (await stage.Accounts.FindKeys(gone))!.Disabled.ShouldNotBeNull();
        (await stage.Accounts.FindKeys(own))!.Disabled.ShouldBeNull("it has a password here");
        (await stage.Accounts.FindKeys(there))!.Disabled.ShouldBeNull();
        await stage.Stop();
        await stage.Start();
        await stage.When(async () => await stage.Stores.Accounts.Find(gone) is null);
        (await stage.Stores.Accounts.Find(there)).ShouldNotBeNull();
    }

    [Theory]
    [Trait("Requirement", "B-39")]
    [InlineData(0)]
    [InlineData(7)]
    public async Task A_list_that_cannot_be_true_changes_nothing(int length)
    {
        await using var stage = await new BesideStage().Start();
        string[] names = [.. Enumerable.Range(0, 10).Select(number => $"person{number}")];
        (await stage.Beside.Take([], default)).ShouldBe(new AccountListResult(0, 0, 0, 0), "of a new server");
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
    [Trait("Requirement", "B-70")]
    public async Task The_rate_is_halved_and_comes_back_slowly()
    {
        var time = new ManualTime();
        var pace = new Pace(20, time);
        time.Advance(TimeSpan.FromSeconds(2));
        pace.Slower();
        pace.Slower();
        pace.Rate.ShouldBe(10, "one fault of the server is one, however many see it");
        time.Advance(TimeSpan.FromSeconds(2));
        pace.Slower();
        pace.Rate.ShouldBe(5);
        time.Advance(TimeSpan.FromSeconds(30));
        await pace.Wait(default);
        pace.Rate.ShouldBe(10);
        time.Advance(TimeSpan.FromSeconds(1));
        await pace.Wait(default);
        pace.Rate.ShouldBe(10);
    }

    [Fact]
    [Trait("Requirement", "B-70")]
    public async Task After_a_pause_the_first_goes_at_once_and_in_a_second_no_more_than_the_rate()
    {
        var time = new ManualTime();
        var pace = new Pace(20, time);
        time.Advance(TimeSpan.FromMinutes(1));
        Task[] places = [.. Enumerable.Range(0, 50).Select(_ => pace.Wait(default).AsTask())];
        places.Count(place => place.IsCompleted).ShouldBe(1);
        time.Advance(TimeSpan.FromSeconds(1));
        await Task.WhenAll(places[..21]);
        places[21].IsCompleted.ShouldBeFalse();
        time.Advance(TimeSpan.FromSeconds(2));
        await Task.WhenAll(places);
    }

    [Fact]
    [Trait("Requirement", "B-70")]
    public async Task After_a_look_for_which_nobody_waits_the_server_has_three_times_as_long_for_others()
    {
        var time = new ManualTime();
        var pace = new Pace(20, time);
        await pace.Rest(default);
        pace.Worked(TimeSpan.FromMilliseconds(100));
        var rest = pace.Rest(default).AsTask();
        time.Advance(TimeSpan.FromMilliseconds(299));
        rest.IsCompleted.ShouldBeFalse();
        time.Advance(TimeSpan.FromMilliseconds(1));
        await rest;
        pace.Rate.ShouldBe(20, "one slow answer is none");

        // However slow the answers are.
        for (var look = 0; look < 50; look++)
        {
            pace.Worked(TimeSpan.FromSeconds(1.5));
        }

        rest = pace.Rest(default).AsTask();
        time.Advance(Pace.MaxRest);
        await rest;
        pace.Rate.ShouldBe(0.5, 0.01);
    }

    [Fact]
    [Trait("Requirement", "B-45")]
    [Trait("Requirement", "B-70")]
    public async Task A_sweep_asks_for_one_after_another_and_whoever_is_heard_of_does_not_wait_for_it()
    {
        await using var stage = await new BesideStage().Start();
        stage.Chat.Avatars.IsSilent = true;
        string[] names = [.. Enumerable.Range(0, 20).Select(number => $"person{number}")];
        await stage.Beside.Take(names, default);
        await stage.WhenPulsed(() => Task.FromResult(Asked(stage).Any()));
        await stage.Chat.Avatars.Presence("juliet");
        await stage.WhenPulsed(() => Task.FromResult(Asked(stage).Contains(BesideStage.Of("juliet").Value)));
        Asked(stage).Count(account => account != BesideStage.Of("juliet").Value).ShouldBe(1);
    }

    [Fact]
    [Trait("Requirement", "B-45")]
    public async Task Who_is_heard_of_while_the_sweep_would_come_to_them_is_looked_at_once()
    {
        var done = new List<string>();
        var gates = new Dictionary<string, TaskCompletionSource>(StringComparer.Ordinal)
        {
            ["first"] = new(TaskCreationOptions.RunContinuationsAsynchronously),
            ["romeo"] = new(TaskCreationOptions.RunContinuationsAsynchronously),
        };
        using var ended = new CancellationTokenSource();
        var queue = new WorkQueue(1, 100, async (account, what, _) =>
        {
            lock (done)
            {
                done.Add($"{NameOf(account)} {(what.IsPatient ? "patient" : "heard of")}");
            }

            await (gates.GetValueOrDefault(NameOf(account))?.Task ?? Task.CompletedTask);
        });
        queue.Add(BesideStage.Of("first"), Work.Sweeping);
        queue.Add(BesideStage.Of("romeo"), Work.Sweeping);
        queue.Add(BesideStage.Of("juliet"), Work.Sweeping);
        queue.Add(BesideStage.Of("romeo"), Work.Hint("x"));
        queue.Add(BesideStage.Of("romeo"), Work.Looking);
        var serving = queue.Run(ended.Token);

        // The sweep comes to Romeo while he is worked on, and again when something more was heard of him.
        gates["first"].SetResult();
        queue.Add(BesideStage.Of("last"), Work.Sweeping);
        gates["romeo"].SetResult();
        await queue.Idle().WaitAsync(TimeSpan.FromSeconds(30));
        done.ShouldBe(["first patient", "romeo heard of", "juliet patient", "last patient"], ignoreOrder: true);
        await ended.CancelAsync();
        await serving;
    }

    [Fact]
    [Trait("Requirement", "B-45")]
    public async Task An_account_is_worked_on_once_at_a_time_and_others_meanwhile()
    {
        var running = new List<string>();
        var most = new Dictionary<string, int>();
        var gate = new SemaphoreSlim(0);
        using var ended = new CancellationTokenSource();
        var queue = new WorkQueue(4, 100, async (account, _, cancellationToken) =>
        {
            lock (running)
            {
                running.Add(account.Value);
                most[account.Value] = Math.Max(most.GetValueOrDefault(account.Value), running.Count(one => one == account.Value));
            }

            await gate.WaitAsync(cancellationToken);
            lock (running)
            {
                running.Remove(account.Value);
            }
        });
        var serving = queue.Run(ended.Token);
        foreach (var round in Enumerable.Range(0, 3))
        {
            queue.Add(BesideStage.Of("juliet"), Work.Looking);
            queue.Add(BesideStage.Of("romeo"), Work.Hint(round.ToString(System.Globalization.CultureInfo.InvariantCulture)));
            gate.Release(1);
        }

        gate.Release(10);
        await queue.Idle().WaitAsync(TimeSpan.FromSeconds(20));
        most.Values.ShouldAllBe(count => count == 1);
        await ended.CancelAsync();
        await serving;
    }

    [Fact]
    [Trait("Requirement", "B-76")]
    public void Beyond_its_bound_nothing_is_taken_and_what_is_heard_twice_is_one()
    {
        var queue = new WorkQueue(1, 2, (_, _, _) => Task.CompletedTask);
        queue.Add(BesideStage.Of("a"), Work.Looking).ShouldBeTrue();
        queue.Add(BesideStage.Of("a"), Work.Hint("x")).ShouldBeTrue();
        queue.Add(BesideStage.Of("b"), Work.Looking).ShouldBeTrue();
        queue.Add(BesideStage.Of("c"), Work.Looking).ShouldBeFalse();
        queue.Count.ShouldBe(2);
    }

    private static string NameOf(Identity account) => account.Value[..account.Value.IndexOf('@', StringComparison.Ordinal)];

    private static IEnumerable<string> Asked(BesideStage stage) => stage.Chat.Heard.Where(stanza => stanza.Name == "iq" && stanza["to"]!.Contains('@', StringComparison.Ordinal)).Select(stanza => stanza["to"]!);

    private static async Task<Visibility> Seen(BesideStage stage) => stage.Book.VisibilityOf(await stage.Book.Find(BesideStage.Of("person0")));

    private static Task Stage(BesideStage stage, int shown) => stage.WhenPulsed(async () => (await stage.Beside.Status(default)).Of(BesideState.Shown) >= shown);
}
