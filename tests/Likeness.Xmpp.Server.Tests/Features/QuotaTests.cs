using Likeness.Xmpp.Sasl;
using Likeness.Xmpp.Server.Tests.Hosting;
using Likeness.Xmpp.Server.Tests.Play;
using Likeness.Xmpp.Server.Tests.Streams;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Tests.Features;

/// <summary>Limits in bytes that take more text than a transcript shows.</summary>
[Trait("Requirement", "C-225")]
public sealed class QuotaTests
{
    private const string Options = $"<publish-options><x xmlns='{Ns.DataForms}' type='submit'><field var='pubsub#max_items'><value>max</value></field></x></publish-options>";

    [Fact]
    public async Task A_blocklist_is_bounded_in_bytes()
    {
        await using var scene = new Scene();
        var juliet = await LogIn(scene);
        var items = string.Concat(Enumerable.Range(100, 70).Select(number => $"<item jid='{new string('a', 1000)}{number}@example.org/{new string('b', 1000)}'/>"));
        await juliet.Send($"<iq type='set' id='1'><block xmlns='{Ns.Blocking}'>{items}</block></iq>");
        await juliet.Send($"<iq type='get' id='2'><blocklist xmlns='{Ns.Blocking}'/></iq>");

        (await juliet.Receive())!.Child("error")!.Child("resource-constraint", Ns.StanzaErrors).ShouldNotBeNull();
        (await juliet.Receive())!.Child("blocklist", Ns.Blocking)!.ShouldBeEmpty();
    }

    [Fact]
    public async Task All_that_an_account_publishes_is_bounded_whatever_its_sessions_do_at_once()
    {
        await using var scene = new Scene();
        scene.Options = scene.Options with { MaxPepBytes = 1024 * 1024 };
        var sessions = new List<Actor> { await LogIn(scene), await LogIn(scene, "chamber"), await LogIn(scene, "tomb") };
        using var quiet = scene.Conversation.Pause();
        var payload = new string('x', 100_000);
        await Task.WhenAll(sessions.Select(async (session, index) =>
        {
            for (var number = 0; number < 5; number++)
            {
                await session.Send($"<iq type='set' id='{number}'><pubsub xmlns='{Ns.PubSub}'><publish node='urn:example:{index}'><item><log xmlns='urn:example:log'>{payload}</log></item></publish>{Options}</pubsub></iq>");
            }
        }));
        var stored = 0;
        foreach (var session in sessions)
        {
            for (var number = 0; number < 5; number++)
            {
                stored += (await session.Receive())!["type"] == "result" ? 1 : 0;
            }
        }

        stored.ShouldBe(10);
        (await (await scene.Server()).Stores.Nodes.Size(new Identity("juliet@localhost"))).ShouldBeInRange(1_000_000, 1024 * 1024);
    }

    [Fact]
    [Trait("Requirement", "U-14")]
    public async Task Bookmarks_are_bounded_in_number_and_none_is_dropped_for_another()
    {
        await using var scene = new Scene();
        var juliet = await LogIn(scene);
        using var quiet = scene.Conversation.Pause();
        async Task<bool> Keep(int first, int end)
        {
            var rooms = string.Concat(Enumerable.Range(first, end - first).Select(number => $"<conference jid='{number}@rooms.localhost'/>"));
            await juliet.Send($"<iq type='set' id='s'><query xmlns='{Ns.PrivateStorage}'><storage xmlns='storage:bookmarks'>{rooms}</storage></query></iq>");
            return (await juliet.Receive())!["type"] == "result";
        }

        async Task<bool> Publish(int number)
        {
            await juliet.Send($"<iq type='set' id='p'><pubsub xmlns='{Ns.PubSub}'><publish node='urn:xmpp:bookmarks:1'><item id='{number}@rooms.localhost'><conference xmlns='urn:xmpp:bookmarks:1' name='new'/></item></publish></pubsub></iq>");
            return (await juliet.Receive())!["type"] == "result";
        }

        (await Keep(0, 1001)).ShouldBeFalse();
        (await Keep(0, 1000)).ShouldBeTrue();
        (await Publish(1000)).ShouldBeFalse();
        (await Publish(999)).ShouldBeTrue();
        (await Keep(1, 1001)).ShouldBeTrue();
        (await Keep(1, 1002)).ShouldBeFalse();
        await juliet.Send($"<iq type='get' id='g'><query xmlns='{Ns.PrivateStorage}'><storage xmlns='storage:bookmarks'/></query></iq>");
        (await juliet.Receive())!.FirstChild()!.FirstChild()!.Count().ShouldBe(1000);
    }

    [Fact]
    public async Task No_request_makes_the_server_say_more_than_one_page_at_once()
    {
        await using var scene = new Scene();
        var juliet = await LogIn(scene);
        using var quiet = scene.Conversation.Pause();
        var payload = new string('x', 100_000);
        for (var number = 0; number < 20; number++)
        {
            await juliet.Send($"<iq type='set' id='p'><pubsub xmlns='{Ns.PubSub}'><publish node='urn:example:log'><item id='{number}'><log xmlns='urn:example:log'>{payload}</log></item></publish>{Options}</pubsub></iq>");
            (await juliet.Receive())!["type"].ShouldBe("result");
        }

        var ids = string.Concat(Enumerable.Range(0, 20).Select(number => $"<item id='{number}'/>"));
        foreach (var asked in (string[])[
            "<items node='urn:example:log'/>",
            "<items node='urn:example:log' max_items='20'/>",
            $"<items node='urn:example:log'>{ids}</items>",
            $"<items node='urn:example:log'/><set xmlns='{Ns.ResultSet}'><max>20</max></set>",
            $"<items node='urn:example:log'/><set xmlns='{Ns.ResultSet}'><before/></set>",
        ])
        {
            await juliet.Send($"<iq type='get' id='g'><pubsub xmlns='{Ns.PubSub}'>{asked}</pubsub></iq>");
            var answer = (await juliet.Receive())!;
            answer.ToString().Length.ShouldBeLessThan(300_000, asked);
            answer.Child("pubsub", Ns.PubSub)!.Child("set", Ns.ResultSet)!.Child("count")!.Text().ShouldBe("20", asked);
        }
    }

    private static async Task<Actor> LogIn(Scene scene, string resource = "balcony")
    {
        if (!scene.IsStarted)
        {
            await (await scene.Server()).Stores.Accounts.Add(TestCredentials.Of("juliet@localhost"));
        }

        var actor = await scene.Open(resource);
        (await actor.Authenticate(new PlainClient("juliet", TestCredentials.Password))).ShouldBe("success");
        await actor.Bind(resource);
        return actor;
    }
}
