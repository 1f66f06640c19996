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

    private sealed class Broken : IPortraitListener
    {
        public void OnPortraitChanged(PortraitChanged change) => throw new InvalidOperationException("no network");
    }
}
