using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using static Likeness.Tests.BookOfTests;

namespace Likeness.Tests;

public sealed class PortraitBookListenerTests
{
    [Fact]
    public async Task A_listener_that_fails_is_logged_and_stops_no_other()
    {
        var test = new BookOfTests(Visibility.Public, new Broken());

        await test.Set(Red);

        test.Events.Count.ShouldBe(1);
        var entry = test.Logged.ShouldHaveSingleItem();
        entry.Level.ShouldBe(LogLevel.Error);
        entry.Message.ShouldContain(nameof(Broken));
        entry.Message.ShouldContain(Juliet.Value);
        entry.Exception.ShouldBeOfType<InvalidOperationException>();
    }

    [Fact]
    public async Task Concurrent_changes_of_one_person_happen_one_after_the_other()
    {
        var test = new BookOfTests();
        var inside = 0;
        var most = 0;
        test.Store.BeforeSave = async () =>
        {
            most = Math.Max(most, Interlocked.Increment(ref inside));
            await Task.Yield();
            Interlocked.Decrement(ref inside);
        };

        await Task.WhenAll(Enumerable.Range(0, 50).Select(number =>
            Task.Run(() => test.Set(Picture.Of(BitConverter.GetBytes(number), "image/png", 1, 1)).AsTask())));

        most.ShouldBe(1);
        test.Events.Select(change => change.After.Version).ShouldBe(Enumerable.Range(1, 50).Select(version => (long)version));
        test.Events.Skip(1).Zip(test.Events).ShouldAllBe(pair => pair.First.Before == pair.Second.After);
        (await test.Book.Find(Juliet)).ShouldBe(test.Events[^1].After);
    }

    [Fact]
    public async Task A_reader_is_not_held_up_by_a_write_of_the_same_person()
    {
        var test = new BookOfTests();
        await test.Set(Red);
        var write = new TaskCompletionSource();
        test.Store.BeforeSave = () => write.Task;
        var change = test.Set(Blue);

        var find = test.Book.Find(Juliet);

        find.IsCompletedSuccessfully.ShouldBeTrue();
        (await find).Picture.ShouldBe(Red.Info);
        write.SetResult();
        (await change).Picture.ShouldBe(Blue.Info);
    }

    [Fact]
    public async Task A_listener_at_work_keeps_no_writer_waiting_and_hears_of_the_next_change_afterwards()
    {
        var slow = new Slow();
        var test = new BookOfTests(Visibility.Public, slow);
        var first = Task.Run(() => test.Set(Red).AsTask());
        await slow.Entered.Task;

        var second = test.Set(Blue);
        while ((await test.Book.Find(Juliet)).Picture != Blue.Info)
        {
            await Task.Yield();
        }

        second.IsCompleted.ShouldBeFalse();
        slow.Heard.Count.ShouldBe(1);
        slow.Leave.Set();
        await first;
        (await second).Picture.ShouldBe(Blue.Info);
        slow.Heard.Select(change => change.After.Picture).ShouldBe([Red.Info, Blue.Info]);
    }

    [Fact]
    public async Task A_change_tells_who_made_it_and_how()
    {
        var test = new BookOfTests();
        await test.Book.Set(Juliet, new NewPortrait { Picture = Red }, new Cause(Origin.Pep, "juliet@example.org/balcony"));
        await test.Book.Clear(Juliet, new Cause(Origin.Pep, "juliet@example.org/garden", Removal.Purged));

        test.Events.Select(change => change.Cause).ShouldBe(
        [
            new Cause(Origin.Pep, "juliet@example.org/balcony"),
            new Cause(Origin.Pep, "juliet@example.org/garden", Removal.Purged),
        ]);
        test.Events.Select(change => change.Picture).ShouldBe([Red, null]);
    }

    private sealed class Slow : IPortraitListener
    {
        public TaskCompletionSource Entered { get; } = new();

        public ManualResetEventSlim Leave { get; } = new();

        public ConcurrentQueue<PortraitChanged> Heard { get; } = [];

        public void OnPortraitChanged(PortraitChanged change)
        {
            Heard.Enqueue(change);
            Entered.TrySetResult();
            Leave.Wait();
        }
    }

    private sealed class Broken : IPortraitListener
    {
        public void OnPortraitChanged(PortraitChanged change) => throw new InvalidOperationException("no network");
    }
}
