using Likeness.Accounts;
using Likeness.Xmpp.Server.Tests.Hosting;
using Likeness.Xmpp.Server.Tests.Play;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Xmpp.Server.Tests.Accounts;

/// <summary>An account goes while it and everybody around it is busy: nothing of it is left for whoever takes the name next.</summary>
[Trait("Requirement", "C-155")]
public sealed class BusyRemovalTests
{
    private static readonly Identity Juliet = new("juliet@localhost");

    private static readonly string[] OwnActs =
    [
        "<iq type='set' id='n{0}'><pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='urn:example:mood'><item id='i'><mood xmlns='urn:example:mood'>{0}</mood></item></publish></pubsub></iq>",
        "<iq type='set' id='p{0}'><query xmlns='jabber:iq:private'><notes xmlns='urn:example:notes'>{0}</notes></query></iq>",
        "<iq type='set' id='v{0}'><vCard xmlns='vcard-temp'><FN>Juliet {0}</FN></vCard></iq>",
        "<iq type='set' id='r{0}'><query xmlns='jabber:iq:roster'><item jid='friend{0}@localhost' name='{0}'/></query></iq>",
        "<iq type='set' id='b{0}'><block xmlns='urn:xmpp:blocking'><item jid='foe{0}@localhost'/></block></iq>",
    ];

    private static readonly string[] FriendsActs =
    [
        "<message to='juliet@localhost' type='chat'><body>{0}</body></message>",
        "<presence to='juliet@localhost' type='subscribe'/>",
        "<presence to='juliet@localhost' type='unsubscribe'/>",
    ];

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, false)]
    [InlineData(4, true)]
    [InlineData(5, true)]
    [Trait("Category", "Slow")]
    public async Task Nothing_is_left_for_the_next_owner_of_the_name(int seed, bool byItself)
    {
        await using var scene = new Scene();
        await Performance.Play(scene, Transcript.Parse("cast",
        [
            "registration is open", "juliet, romeo and tybalt are users", "juliet, romeo and tybalt are contacts",
            "juliet/a comes online", "juliet/b connects", "romeo/a comes online", "tybalt/a comes online",
        ]));
        var server = await scene.Server();
        var book = server.Services.GetRequiredService<AccountBook>();
        var random = new Random(seed);
        var acts = scene.Actors.Select(actor => Act(actor, random.Next())).ToList();
        await Task.Yield();
        if (byItself)
        {
            await scene.Actor("juliet/b").Send("<iq type='set' id='gone'><query xmlns='jabber:iq:register'><remove/></query></iq>");
        }
        else
        {
            (await book.Close(Juliet)).ShouldBeTrue();
        }

        await Task.WhenAll(acts);
        foreach (var own in new[] { "juliet/a", "juliet/b" })
        {
            (await EndOf(scene.Actor(own))).ShouldBe("not-authorized");
        }

        await scene.Actor("romeo/a").Fence();
        await scene.Actor("tybalt/a").Fence();
        await ShouldHaveNothing(server);

        await book.Register("juliet", "localhost", "another balcony", client: null);
        await ShouldHaveNothing(server);
        (await server.Stores.Portraits.Addresses(Juliet)).ShouldBe(["juliet@localhost"]);
        foreach (var friend in new[] { "romeo", "tybalt" })
        {
            (await server.Stores.Rosters.Load(new Identity($"{friend}@localhost"))).ShouldAllBe(
                item => item.Contact != Juliet.Value || (item.Subscription == 0 && item.PendingIn == null), "nobody follows the new owner");
        }

        scene.ServerErrors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_asks_at_the_same_moment_is_answered_once()
    {
        await using var scene = new Scene();
        await Performance.Play(scene, Transcript.Parse("cast", ["juliet is a user", "juliet/a comes online"]));
        var book = (await scene.Server()).Services.GetRequiredService<AccountBook>();

        var closed = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () => await book.Close(Juliet))));

        closed.Count(was => was).ShouldBe(1);
        (await EndOf(scene.Actor("juliet/a"))).ShouldBe("not-authorized");
        scene.ServerErrors.ShouldBeEmpty();
    }

    private static async Task Act(Actor actor, int seed)
    {
        var random = new Random(seed);
        var texts = actor.Name.StartsWith("juliet", StringComparison.Ordinal) ? OwnActs : FriendsActs;
        for (var round = 0; round < 60; round++)
        {
            await actor.Send(string.Format(texts[random.Next(texts.Length)], round));
            await Task.Yield();
        }
    }

    private static async Task<string?> EndOf(Actor actor)
    {
        string? condition = null;
        while (await actor.Receive() is { } element)
        {
            condition = element.Is("error", Ns.Streams) ? element.FirstChild()!.Name : condition;
        }

        return condition;
    }

    private static async Task ShouldHaveNothing(TestServer server)
    {
        (await server.Stores.Rosters.Load(Juliet)).ShouldBeEmpty();
        (await server.Stores.Nodes.Load(Juliet)).ShouldBeEmpty();
        (await server.Stores.Offline.Load(Juliet, 0, 1)).ShouldBeEmpty();
        foreach (var kind in new[] { "private", "vcard", "blocklist" })
        {
            (await server.Stores.Documents.Size(Juliet, kind)).ShouldBe(0, kind);
        }

        (await server.Stores.Portraits.Find(Juliet)).ShouldBeNull();
    }
}
