using Likeness.Xmpp.Server.Rooms;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Server.Tests.Play;
using Likeness.Xmpp.Xml;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Xmpp.Server.Tests.Rooms;

/// <summary>What is for many is made once, and nobody who comes makes everybody be shown anew.</summary>
[Collection(nameof(MeasuredAlone))]
[Trait("Requirement", "M-57")]
public sealed class RoomFanOutTests
{
    private static readonly Jid Garden = Jid.Parse("garden@rooms.localhost");
    private readonly Everybody _everybody = new();

    [Fact]
    public async Task A_message_is_written_once_for_all()
    {
        await using var scene = Scene();
        var rooms = (await scene.Server()).Services.GetRequiredService<RoomService>();
        await Fill(rooms, 50);
        _everybody.Sent.Clear();

        await Say(rooms, 7);

        _everybody.Sent.Count.ShouldBe(50);
        _everybody.Sent.Select(sent => sent.To).Distinct().Count().ShouldBe(50);
        _everybody.Sent.Select(sent => sent.Stanza).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task More_listeners_take_no_more_memory()
    {
        await using var scene = Scene();
        var rooms = (await scene.Server()).Services.GetRequiredService<RoomService>();
        await Fill(rooms, 10);
        var few = await BytesOfOneMessage(rooms);
        await Fill(rooms, 400, from: 10);

        var many = await BytesOfOneMessage(rooms);

        (many - few).ShouldBeLessThan(390, "less than a byte for each");
    }

    [Fact]
    public async Task Who_comes_is_shown_everybody_and_everybody_is_shown_who_came()
    {
        await using var scene = Scene();
        var rooms = (await scene.Server()).Services.GetRequiredService<RoomService>();
        await Fill(rooms, 30);
        _everybody.Sent.Clear();

        await Enter(rooms, 30);

        var newcomer = Of(30).Text;
        var presences = _everybody.Sent.Where(sent => sent.Stanza.IsPresence).ToArray();
        presences.Count(sent => sent.To == newcomer).ShouldBe(31, "everybody who is there, and itself");
        presences.Where(sent => sent.To != newcomer).GroupBy(sent => sent.To).ShouldAllBe(to => to.Count() == 1);
        presences.Where(sent => sent.To != newcomer && sent.To != Of(0).Text).Select(sent => sent.Stanza).Distinct().Count().ShouldBe(1, "all but the owner see the same");

        // The next one is shown what was written for this one.
        var shown = presences.Where(sent => sent.To == newcomer).Select(sent => sent.Stanza).ToHashSet();
        _everybody.Sent.Clear();
        await Enter(rooms, 31);
        _everybody.Sent.Count(sent => sent.To == Of(31).Text && shown.Contains(sent.Stanza)).ShouldBe(30);
    }

    private static async Task<long> BytesOfOneMessage(RoomService rooms)
    {
        var least = long.MaxValue;
        for (var round = 0; round < 20; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var said = Say(rooms, 7);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            await said;
        }

        return least;
    }

    private Scene Scene() => new()
    {
        Options = new() { PlaintextForDevelopment = true, Archive = new() { IsOn = false }, Rooms = new() { Creation = RoomCreation.Anybody, MaxStanzasPerSecond = 10_000, MaxOccupants = 1000 } },
        AddServices = services => services.AddSingleton<IFeature>(_everybody),
    };

    private static Jid Of(int number) => Jid.Parse($"somebody{number}@far.localhost/there");

    private async Task Fill(RoomService rooms, int count, int from = 0)
    {
        for (var number = from; number < count; number++)
        {
            await Enter(rooms, number);
        }

        _everybody.Sent.Clear();
        _everybody.Sent.EnsureCapacity(1000);
    }

    private static ValueTask Enter(RoomService rooms, int number) =>
        rooms.Deliver(new ServerSender(Of(number)), new Element("presence", Ns.Client).Set("from", Of(number).Text), Garden.WithResource($"nick{number}"));

    private static ValueTask Say(RoomService rooms, int number) =>
        rooms.Deliver(new ServerSender(Of(number)), new Element("message", Ns.Client).Set("type", "groupchat").Set("from", Of(number).Text).Add(new Element("received", "urn:xmpp:receipts")), Garden);

    /// <summary>A domain where everybody takes everything.</summary>
    private sealed class Everybody : LocalService, IFeature
    {
        public List<(PreparedStanza Stanza, string To)> Sent { get; } = [];

        public void Register(FeatureRegistry registry) => registry.Services.Add("far.localhost", this);

        public override bool Send(PreparedStanza stanza, Jid to)
        {
            if (Sent.Count < 1000)
            {
                Sent.Add((stanza, to.Text));
            }

            return true;
        }
    }
}
