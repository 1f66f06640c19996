using Likeness.Xmpp.Client;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Tests.Client;

public sealed class InboxTests
{
    [Theory]
    [InlineData(3, 1 << 20)]
    [InlineData(1000, 320)]
    public async Task What_nobody_takes_is_bounded_and_who_asks_is_told(int count, int bytes)
    {
        var inbox = new Inbox(count, bytes);
        for (var number = 0; number < 5; number++)
        {
            await inbox.Post(Message(number));
        }

        (await Should.ThrowAsync<StanzasLostException>(() => Any(inbox))).Count.ShouldBe(2);
        (await Any(inbox))["id"].ShouldBe("2");
        (await Any(inbox))["id"].ShouldBe("3");
        (await Any(inbox))["id"].ShouldBe("4");
    }

    [Fact]
    public async Task Whoever_takes_everything_loses_nothing_and_makes_the_sender_wait()
    {
        var inbox = new Inbox(2, 1 << 20);
        inbox.Join();
        await inbox.Post(Message(0));
        await inbox.Post(Message(1));
        var third = inbox.Post(Message(2)).AsTask();
        third.IsCompleted.ShouldBeFalse();
        (await Any(inbox))["id"].ShouldBe("0");
        await third.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        (await Any(inbox))["id"].ShouldBe("1");
        (await Any(inbox))["id"].ShouldBe("2");
    }

    [Fact]
    public async Task A_reader_that_leaves_makes_nobody_wait()
    {
        var inbox = new Inbox(1, 1 << 20);
        inbox.Join();
        await inbox.Post(Message(0));
        var second = inbox.Post(Message(1)).AsTask();
        inbox.Leave();
        await second.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_stanza_larger_than_the_room_is_kept_alone()
    {
        var inbox = new Inbox(10, 100);
        inbox.Join();
        await inbox.Post(Message(0).Add(new string('x', 1000)));
        (await Any(inbox))["id"].ShouldBe("0");
    }

    private static Element Message(int number) => new Element("message", Ns.Client).Set("id", $"{number}").Add("body", new string('x', 60));

    private static Task<Element> Any(Inbox inbox) => inbox.Take(_ => true, TestContext.Current.CancellationToken);
}
