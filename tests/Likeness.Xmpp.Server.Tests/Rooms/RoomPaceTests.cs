using Likeness.Xmpp.Server.Rooms;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Server.Tests.Play;
using Likeness.Xmpp.Xml;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Xmpp.Server.Tests.Rooms;

/// <summary>One client cannot make a room talk all the time.</summary>
[Trait("Requirement", "M-38")]
public sealed class RoomPaceTests
{
    private static readonly Jid Garden = Jid.Parse("garden@rooms.localhost");
    private readonly ServerSender _juliet = new(Jid.Parse("juliet@far.localhost/balcony"));
    private readonly ServerSender _romeo = new(Jid.Parse("romeo@far.localhost/orchard"));

    [Fact]
    public async Task Who_says_too_much_waits_and_nobody_else_does()
    {
        await using var scene = Scene(perSecond: 1);
        var server = await scene.Server();
        var rooms = server.Services.GetRequiredService<RoomService>();
        await Open(rooms);
        foreach (var number in Enumerable.Range(1, 10))
        {
            await Say(rooms, _juliet, number);
        }

        var tooMuch = Say(rooms, _juliet, 11).AsTask();
        var shown = Show(rooms, _juliet).AsTask();
        tooMuch.IsCompleted.ShouldBeFalse();
        shown.IsCompleted.ShouldBeFalse("what is broadcast is counted, presence too");
        await Say(rooms, _romeo, 1);

        server.Clock.Advance(TimeSpan.FromSeconds(1));
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        await Task.WhenAll(tooMuch, shown);
    }

    [Fact]
    public async Task Who_does_not_even_wait_is_refused()
    {
        await using var scene = Scene(perSecond: 1);
        var server = await scene.Server();
        var rooms = server.Services.GetRequiredService<RoomService>();
        await Open(rooms);
        var said = Enumerable.Range(1, 30).Select(number => Say(rooms, _juliet, number).AsTask()).ToArray();

        for (var second = 0; said.Any(one => !one.IsCompleted); second++)
        {
            server.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
            second.ShouldBeLessThan(100_000);
        }

        var refused = said.Where(one => one.IsFaulted).Select(one => one.Exception!.InnerException).ToArray();
        refused.ShouldNotBeEmpty();
        refused.ShouldAllBe(refusal => refusal is StanzaErrorException && ((StanzaErrorException)refusal).Condition == StanzaCondition.ResourceConstraint);
    }

    [Fact]
    public async Task Who_writes_too_much_to_one_occupant_waits_as_well()
    {
        await using var scene = Scene(perSecond: 1);
        var server = await scene.Server();
        var rooms = server.Services.GetRequiredService<RoomService>();
        await Open(rooms);
        foreach (var number in Enumerable.Range(1, 10))
        {
            await Tell(rooms, _juliet, number);
        }

        var tooMuch = Tell(rooms, _juliet, 11).AsTask();
        tooMuch.IsCompleted.ShouldBeFalse();
        await Tell(rooms, _romeo, 1);

        server.Clock.Advance(TimeSpan.FromSeconds(1));
        await tooMuch;
    }

    private static Scene Scene(int perSecond) => new()
    {
        Options = new() { PlaintextForDevelopment = true, Rooms = new() { Creation = RoomCreation.Anybody, MaxStanzasPerSecond = perSecond } },
        AddServices = services => services.AddSingleton<IFeature, Everybody>(),
    };

    // An old client's way: the room is open at once.
    private async Task Open(RoomService rooms)
    {
        foreach (var person in new[] { _juliet, _romeo })
        {
            await Show(rooms, person);
        }
    }

    private static ValueTask Show(RoomService rooms, Sender from) =>
        rooms.Deliver(from, new Element("presence", Ns.Client).Set("from", from.Jid.Text), Garden.WithResource(from.Jid.Local!));

    private static ValueTask Say(RoomService rooms, Sender from, int number) =>
        rooms.Deliver(from, new Element("message", Ns.Client).Set("from", from.Jid.Text).Set("type", "groupchat").Add("body", $"{number}"), Garden);

    private static ValueTask Tell(RoomService rooms, Sender from, int number) =>
        rooms.Deliver(from, new Element("message", Ns.Client).Set("from", from.Jid.Text).Set("type", "chat").Add("body", $"{number}"), Garden.WithResource("romeo"));

    private sealed class Everybody : LocalService, IFeature
    {
        public void Register(FeatureRegistry registry) => registry.Services.Add("far.localhost", this);

        public override bool Send(PreparedStanza stanza, Jid to) => true;
    }
}
