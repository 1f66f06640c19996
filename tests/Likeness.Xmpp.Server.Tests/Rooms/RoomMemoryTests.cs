using Likeness.Xmpp.Server.Rooms;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Server.Tests.Play;
using Likeness.Xmpp.Xml;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Xmpp.Server.Tests.Rooms;

/// <summary>What rooms cost while nothing happens in them.</summary>
[Collection(nameof(MeasuredAlone))]
public sealed class RoomMemoryTests
{
    [Fact]
    [Trait("Requirement", "M-7")]
    [Trait("Requirement", "M-59")]
    public async Task A_room_with_one_silent_occupant_takes_less_than_two_kilobytes()
    {
        const int count = 5000;
        await using var scene = Scene();
        var rooms = (await scene.Server()).Services.GetRequiredService<RoomService>();
        var somebody = new ServerSender(Jid.Parse("somebody@far.localhost/there"));
        await Enter(rooms, somebody, "first");
        // The addresses are those of their sessions.
        var people = Enumerable.Range(0, count).Select(number => new ServerSender(Jid.Parse($"somebody{number}@far.localhost/there"))).ToArray();
        people.ShouldAllBe(person => person.Jid.Bare.Local != null && person.Jid.Resource != null && person.Jid.Bare.Domain == "far.localhost");
        var before = GC.GetTotalMemory(forceFullCollection: true);

        for (var number = 0; number < count; number++)
        {
            await Enter(rooms, people[number], $"room{number}");
        }

        var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / count;
        GC.KeepAlive((rooms, people));
        each.ShouldBeLessThan(2048);
    }

    [Fact]
    [Trait("Requirement", "M-7")]
    public async Task Nothing_is_left_of_a_room_and_its_visitors_when_the_last_one_has_gone()
    {
        await using var scene = Scene();
        var services = (await scene.Server()).Services;
        var rooms = services.GetRequiredService<RoomService>();
        var directory = services.GetRequiredService<RoomDirectory>();
        var senders = Enumerable.Range(0, 20).Select(number => new ServerSender(Jid.Parse($"somebody{number}@far.localhost/there"))).ToArray();
        await Enter(rooms, senders[0], "garden");
        await Instant(rooms, senders[0], "garden");
        foreach (var sender in senders[1..])
        {
            await Enter(rooms, sender, "garden");
        }

        directory.Loaded.ShouldHaveSingleItem().Occupants.Count.ShouldBe(20);

        foreach (var sender in senders)
        {
            await Leave(rooms, sender, "garden");
        }

        directory.Loaded.ShouldBeEmpty();
        senders.ShouldAllBe(sender => !directory.VisitedBy(sender.Jid.BareText).Any());
    }

    private static Scene Scene() => new()
    {
        Options = new() { PlaintextForDevelopment = true, Rooms = new() { Creation = RoomCreation.Anybody } },
        AddServices = services => services.AddSingleton<IFeature, Everybody>(),
    };

    private static ValueTask Enter(RoomService rooms, Sender from, string room) =>
        rooms.Deliver(from, new Element("presence", Ns.Client).Set("from", from.Jid.Text).Add(new Element("x", Ns.Muc)), Jid.Parse($"{room}@rooms.localhost/{from.Jid.Local}"));

    private static ValueTask Leave(RoomService rooms, Sender from, string room) =>
        rooms.Deliver(from, new Element("presence", Ns.Client).Set("type", "unavailable").Set("from", from.Jid.Text), Jid.Parse($"{room}@rooms.localhost/{from.Jid.Local}"));

    private static ValueTask Instant(RoomService rooms, Sender from, string room) =>
        rooms.Deliver(
            from,
            new Element("iq", Ns.Client).Set("type", "set").Set("id", "i").Set("from", from.Jid.Text)
                .Add(new Element("query", Ns.MucOwner).Add(new Element("x", Ns.DataForms).Set("type", "submit"))),
            Jid.Parse($"{room}@rooms.localhost"));

    /// <summary>A domain where everybody is there and says nothing.</summary>
    private sealed class Everybody : LocalService, IFeature
    {
        public void Register(FeatureRegistry registry) => registry.Services.Add("far.localhost", this);

        public override bool Send(PreparedStanza stanza, Jid to) => true;
    }
}

/// <summary>Memory is the process's: nothing else may run meanwhile.</summary>
[CollectionDefinition(nameof(MeasuredAlone), DisableParallelization = true)]
public sealed class MeasuredAlone;
