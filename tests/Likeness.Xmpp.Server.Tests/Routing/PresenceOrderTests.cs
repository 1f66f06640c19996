using System.Globalization;
using Likeness.Xmpp.Sasl;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Server.Tests.Hosting;
using Likeness.Xmpp.Server.Tests.Play;
using Likeness.Xmpp.Server.Tests.Streams;
using Likeness.Xmpp.Xml;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Xmpp.Server.Tests.Routing;

/// <summary>What contacts are told last is what is so, whoever does what at the same time.</summary>
public sealed class PresenceOrderTests
{
    [Theory]
    [Trait("Requirement", "C-127")]
    [InlineData("<presence/>")]
    [InlineData("<presence to='romeo@localhost'/>")]
    [InlineData("<presence to='romeo@localhost/orchard'/>")]
    public async Task A_replaced_resource_is_not_seen_again_by_what_it_said_last(string presence)
    {
        await using var scene = await Cast("juliet and romeo are users", "romeo follows juliet", "romeo/orchard comes online", "juliet/balcony connects");
        var server = await scene.Server();
        var replaced = server.Services.GetRequiredService<AccountDirectory>().FindLoaded("juliet@localhost")!.SessionOf("balcony")!;
        await Performance.Play(scene, Transcript.Parse("replacement", ["juliet/balcony connects", "romeo/orchard receives nothing"]));

        // The stanza was read before the other stream took the resource, and is handled after.
        await server.Services.GetRequiredService<ISessionHandler>().Receive(replaced, XmlStreamReader.ParseElement(presence, Ns.Client), null).Task;

        await Performance.Play(scene, Transcript.Parse("afterwards", ["romeo/orchard receives nothing"]));
        replaced.IsAvailable.ShouldBeFalse();
        replaced.HasDirected.ShouldBeFalse();
    }

    [Fact]
    [Trait("Requirement", "C-111")]
    public async Task A_late_answer_to_an_old_request_shows_nothing_to_who_is_no_contact_any_more()
    {
        await using var scene = await Cast("juliet and nurse are users", "juliet/balcony comes online", "nurse/hall comes online");
        var services = (await scene.Server()).Services;
        var juliet = services.GetRequiredService<AccountDirectory>().FindLoaded("juliet@localhost")!;

        services.GetRequiredService<SubscriptionPresence>().SendCurrent(juliet, Jid.Parse("nurse@localhost"));

        await Performance.Play(scene, Transcript.Parse("afterwards", ["nurse/hall receives nothing"]));
    }

    [Fact]
    [Trait("Requirement", "C-111")]
    public async Task Who_is_removed_while_a_resource_leaves_is_told_that_it_left()
    {
        await using var scene = await Cast("juliet and romeo are users", "romeo follows juliet", "romeo/orchard comes online", "juliet/balcony comes online");
        var services = (await scene.Server()).Services;
        var juliet = services.GetRequiredService<AccountDirectory>().FindLoaded("juliet@localhost")!;
        var romeo = Jid.Parse("romeo@localhost");
        lock (juliet.Gate)
        {
            juliet.Roster.Remove(romeo);
        }

        // Between the change of the roster and the moment the contact is told of it.
        await Performance.Play(scene, Transcript.Parse("leave", ["juliet/balcony disconnects"]));
        services.GetRequiredService<SubscriptionPresence>().SendUnavailable(juliet, romeo);

        await Performance.Play(scene, Transcript.Parse("afterwards",
        [
            "romeo/orchard receives",
            "    <presence type='unavailable' from='juliet@localhost/balcony'/>",
            "romeo/orchard receives nothing",
        ]));
        juliet.Roster.Leaving.ShouldBeEmpty();
    }

    [Theory]
    [Trait("Requirement", "C-111")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_asks_anew_before_it_was_told_is_told_that_a_resource_left(bool isRemoved)
    {
        await using var scene = await Cast("juliet and romeo are users", "romeo follows juliet", "romeo/orchard comes online", "juliet/balcony comes online");
        var services = (await scene.Server()).Services;
        var juliet = services.GetRequiredService<AccountDirectory>().FindLoaded("juliet@localhost")!;
        var romeo = Jid.Parse("romeo@localhost");
        lock (juliet.Gate)
        {
            var item = juliet.Roster.Find(romeo)!;
            if (isRemoved)
            {
                juliet.Roster.Remove(romeo);
            }
            else
            {
                juliet.Roster.Put(item with { Subscription = Subscription.None });
            }

            // He asks again, or she gives him a name, while he is not told yet that he sees her no more.
            juliet.Roster.Put(item with { Subscription = Subscription.None, PendingIn = "<presence type='subscribe' from='romeo@localhost'/>" });
        }

        await Performance.Play(scene, Transcript.Parse("leave", ["juliet/balcony disconnects"]));
        services.GetRequiredService<SubscriptionPresence>().SendUnavailable(juliet, romeo);

        await Performance.Play(scene, Transcript.Parse("afterwards",
        [
            "romeo/orchard receives",
            "    <presence type='unavailable' from='juliet@localhost/balcony'/>",
            "romeo/orchard receives nothing",
        ]));
        juliet.Roster.Leaving.ShouldBeEmpty();
    }

    [Fact]
    [Trait("Requirement", "C-129")]
    public async Task A_resource_is_present_to_so_many_strangers_and_no_more()
    {
        await using var scene = await Cast("juliet is a user", "juliet/balcony connects");
        var juliet = scene.Actor("juliet/balcony");
        using var quiet = scene.Conversation.Pause();
        await juliet.Send(string.Concat(Enumerable.Range(0, 2 * DirectedAddresses.Max).Select(number => $"<presence to='nobody{number}@elsewhere.example/room'/>")));
        await juliet.Send(string.Concat(Enumerable.Range(0, DirectedAddresses.Max + 1).Select(number => $"<presence id='{number}' to='somebody{number}@localhost'/>")));
        await juliet.Fence();

        var refused = juliet.Kept.Where(stanza => stanza.Child("error")?.Child("resource-constraint", Ns.StanzaErrors) is not null);
        refused.ShouldHaveSingleItem()["id"].ShouldBe(DirectedAddresses.Max.ToString(CultureInfo.InvariantCulture));
        juliet.Drop(_ => true);

        await juliet.Send($"<presence type='unavailable' to='somebody0@localhost'/><presence to='somebody{DirectedAddresses.Max}@localhost'/>");
        await juliet.Fence();
        juliet.Kept.ShouldBeEmpty("one took leave, so there is room for another");
    }

    [Theory]
    [Trait("Requirement", "C-155")]
    [InlineData(1)]
    [InlineData(2)]
    public async Task An_account_that_is_removed_while_everything_goes_on_is_seen_and_known_by_nobody(int seed)
    {
        string[] people = ["juliet", "romeo", "nurse", "tybalt"];
        await using var scene = await Cast("registration is open", "juliet, romeo, nurse and tybalt are users", "juliet, romeo, nurse and tybalt are contacts");
        var server = await scene.Server();
        await Performance.Play(scene, Transcript.Parse("watch", [.. people.Select(name => $"{name}/watch comes online")]));
        using var quiet = scene.Conversation.Pause();
        foreach (var actor in scene.Actors)
        {
            await actor.Send("<presence/>");
        }

        var living = people.Select((name, index) => Task.Run(() => Live(scene, name, people, new Random((seed * 100) + index), rounds: name == "tybalt" ? 20 : 60))).ToArray();
        await living[^1];
        await scene.Actor("tybalt/watch").Send($"<iq type='set' id='gone'><query xmlns='{Ns.Register}'><remove/></query></iq>");
        await scene.Actor("tybalt/watch").Fence();
        var phones = await Task.WhenAll(living);
        await scene.FenceAll();

        var directory = server.Services.GetRequiredService<AccountDirectory>();
        (await directory.Find(Jid.Parse("tybalt@localhost"))).ShouldBeNull();
        foreach (var name in people[..^1])
        {
            var watch = scene.Actor($"{name}/watch");
            watch.IsOver.ShouldBeFalse(name);
            var shown = string.Join('\n', watch.Kept.Where(stanza => stanza["from"]?.StartsWith("tybalt", StringComparison.Ordinal) is true));
            SeenBy(watch).ShouldNotContain(full => full.StartsWith("tybalt", StringComparison.Ordinal), $"{name} was shown\n{shown}");
            var inMemory = directory.FindLoaded($"{name}@localhost")!.Roster.Find(Jid.Parse("tybalt@localhost"));
            (inMemory?.Subscription ?? Subscription.None).ShouldBe(Subscription.None, name);
            var stored = (await server.Stores.Rosters.Load(new Identity($"{name}@localhost"))).SingleOrDefault(item => item.Contact == "tybalt@localhost");
            (stored?.Subscription ?? 0, stored?.Asking ?? false).ShouldBe(((int)(inMemory?.Subscription ?? Subscription.None), inMemory?.Asking ?? false), name);
        }

        scene.ServerErrors.ShouldBeEmpty();
        foreach (var phone in phones.SelectMany(all => all))
        {
            await phone.DisposeAsync();
        }
    }

    [Theory]
    [Trait("Requirement", "C-127")]
    [InlineData(1)]
    [InlineData(2)]
    public async Task After_everything_at_once_contacts_see_who_is_there_and_nobody_else(int seed)
    {
        string[] people = ["juliet", "romeo", "nurse"];
        await using var scene = await Cast("juliet, romeo and nurse are users", "juliet, romeo and nurse are contacts");
        var server = await scene.Server();
        var directory = server.Services.GetRequiredService<AccountDirectory>();
        await Performance.Play(scene, Transcript.Parse("watch", [.. people.Select(name => $"{name}/watch comes online")]));
        using var quiet = scene.Conversation.Pause();
        foreach (var actor in scene.Actors)
        {
            await actor.Send("<presence/>");
        }

        var phones = await Task.WhenAll(people.Select((name, index) => Task.Run(() => Live(scene, name, people, new Random((seed * 100) + index)))));
        await scene.FenceAll();
        foreach (var name in people)
        {
            var seen = SeenBy(scene.Actor($"{name}/watch"));
            foreach (var other in people.Where(other => other != name))
            {
                var account = directory.FindLoaded($"{other}@localhost")!;
                var isShown = account.Roster.Find(Jid.Parse($"{name}@localhost")) is { SeesUs: true };
                var there = isShown ? account.Sessions.Where(session => session.IsAvailable).Select(session => session.Jid.Text) : [];
                seen.Where(full => full.StartsWith(other, StringComparison.Ordinal)).Order().ShouldBe(there.Order(), $"{name} of {other}");
            }
        }

        scene.ServerErrors.ShouldBeEmpty();
        foreach (var phone in phones.SelectMany(all => all))
        {
            await phone.DisposeAsync();
        }
    }

    // One person: clients come, take each other's resources, change their presence and leave; contacts may see it or may not.
    private static async Task<List<Actor>> Live(Scene scene, string name, string[] people, Random random, int rounds = 60)
    {
        var server = await scene.Server();
        var watch = scene.Actor($"{name}/watch");
        var phones = new List<Actor>();
        for (var round = 0; round < rounds; round++)
        {
            var other = people.Where(one => one != name).ElementAt(random.Next(people.Length - 1));
            switch (random.Next(5))
            {
                case 0:
                    // The former connection is still being served while the new one takes its resource.
                    var flood = phones.Count > 0 ? phones[^1].Send(string.Concat(Enumerable.Repeat("<presence/><presence type='unavailable'/><presence/>", 20))) : Task.CompletedTask;
                    phones.Add(await LogIn(server, name, $"phone{random.Next(2)}"));
                    await phones[^1].Send("<presence/>");
                    await flood;
                    break;
                case 1 when phones.Count > 0:
                    await phones[^1].Send("<presence type='unavailable'/>");
                    break;
                case 2:
                    await watch.Send($"<presence type='unsubscribed' to='{other}@localhost'/>");
                    break;
                case 3:
                    await watch.Send($"<presence type='subscribed' to='{other}@localhost'/><presence type='subscribe' to='{other}@localhost'/>");
                    break;
                default:
                    await phones.Append(watch).ElementAt(random.Next(phones.Count + 1)).Send($"<presence><status>{round}</status></presence>");
                    break;
            }
        }

        foreach (var phone in phones)
        {
            await phone.Fence();
        }

        return phones;
    }

    private static async Task<Actor> LogIn(TestServer server, string name, string resource)
    {
        var actor = await Actor.Connect(name, server.EndPoint, new Conversation());
        await actor.OpenStream();
        (await actor.Receive()).ShouldNotBeNull().Name.ShouldBe("features");
        (await actor.Authenticate(new PlainClient(name, TestCredentials.Password))).ShouldBe("success");
        await actor.Bind(resource);
        return actor;
    }

    private static HashSet<string> SeenBy(Actor watch)
    {
        var seen = new HashSet<string>();
        foreach (var presence in watch.Kept.Where(stanza => stanza.Is("presence", Ns.Client) && stanza["type"] is null or "unavailable"))
        {
            _ = presence["type"] is null ? seen.Add(presence["from"]!) : seen.Remove(presence["from"]!);
        }

        seen.RemoveWhere(full => !full.Contains('/', StringComparison.Ordinal));
        return seen;
    }

    private static async Task<Scene> Cast(params string[] lines)
    {
        var scene = new Scene();
        await Performance.Play(scene, Transcript.Parse("cast", lines));
        return scene;
    }
}
