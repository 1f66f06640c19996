using System.Collections.Concurrent;
using Likeness.Xmpp.Server.Rooms;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Server.Tests.Play;
using Likeness.Xmpp.Xml;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Xmpp.Server.Tests.Rooms;

/// <summary>Many people come, go, talk, change nicks, are put out and lose their connections at the same time; each of them has to see one and the same room.</summary>
public sealed class RoomInterleavingTests
{
    private const int People = 8;
    private static readonly string[] Nicks = ["a", "b", "c", "d", "e", "f"];
    private static readonly Jid Room = Jid.Parse("garden@rooms.localhost");

    [Theory]
    [Trait("Requirement", "M-10")]
    [Trait("Requirement", "M-21")]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(4, true)]
    [Trait("Category", "Slow")]
    public Task Everybody_sees_one_room_whatever_happens_at_once(int seed, bool isKept) => Play(seed, isKept, steps: 300);

    [Theory]
    [Trait("Category", "Long")]
    [InlineData(101, false)]
    [InlineData(102, true)]
    public Task Everybody_sees_one_room_for_a_long_time(int seed, bool isKept) => Play(seed, isKept, steps: 12_500);

    private static async Task Play(int seed, bool isKept, int steps)
    {
        var far = new FarAway();
        await using var scene = new Scene
        {
            Options = new() { PlaintextForDevelopment = true, Rooms = new() { Creation = RoomCreation.Anybody, MaxStanzasPerSecond = 0 } },
            AddServices = services => services.AddSingleton<IFeature>(far),
        };
        var services = (await scene.Server()).Services;
        var service = services.GetRequiredService<RoomService>();
        far.Service = service;
        var boss = far.Client("boss", 0);
        await boss.Enter("boss");
        await boss.Ask(new Element("query", Ns.MucOwner).Add(Form(isKept)));

        await Task.WhenAll(Enumerable.Range(0, People).Select(person => Task.Run(() => Live(far, boss, person, new Random((seed * 1000) + person), steps))));

        // Whoever is gone is found out when something is said.
        await boss.Say("over");
        using var turn = await services.GetRequiredService<RoomDirectory>().Enter(Room);
        var room = turn.Room.ShouldNotBeNull();
        await room.Said;
        var there = room.Occupants.All.Select(occupant => occupant.Nick).Order().ToArray();
        foreach (var session in room.Occupants.All.SelectMany(occupant => occupant.Sessions))
        {
            var client = far.Clients[session.Jid.Text];
            client.IsReachable.ShouldBeTrue($"{session.Jid} is a ghost");
            new View(client).Nicks.Order().ToArray().ShouldBe(there, customMessage: $"what {session.Jid} sees (seed {seed})");
        }

        var orders = far.Clients.Values.Select(client => new View(client).Said).ToArray();
        var order = orders.OrderByDescending(said => said.Count).First().Select((said, place) => (said, place)).ToDictionary(said => said.said, said => said.place);
        foreach (var said in orders)
        {
            said.ShouldBeUnique();
            said.Where(order.ContainsKey).Select(text => order[text]).ShouldBeInOrder();
        }
    }

    private static async Task Live(FarAway far, Client boss, int person, Random random, int steps)
    {
        var clients = new Client?[2];
        for (var (step, number) = (0, 0); step < steps; step++)
        {
            ref var client = ref clients[random.Next(clients.Length)];
            client ??= far.Client($"p{person}", number++);
            switch (random.Next(12))
            {
                case 0 or 1:
                    await client.Enter(Nicks[random.Next(Nicks.Length)]);
                    break;
                case 2:
                    await client.Leave();
                    break;
                case 3:
                    await client.Show(random.Next(2) == 0 ? "away" : "chat");
                    break;
                case 4:
                    client.IsReachable = false;
                    client = null;
                    break;
                case 5:
                    await boss.Ask(new Element("query", Ns.MucAdmin).Add(new Element("item", Ns.MucAdmin).Set("nick", Nicks[random.Next(Nicks.Length)]).Set("role", "none")));
                    break;
                default:
                    await client.Say($"{person}-{step}");
                    break;
            }
        }
    }

    private static Element Form(bool isKept)
    {
        var field = new Element("field", Ns.DataForms).Set("var", "muc#roomconfig_persistentroom").Add("value", isKept ? "1" : "0");
        return new Element("x", Ns.DataForms).Set("type", "submit").Add(field);
    }

    /// <summary>What a client knows of the room from what it got, in order.</summary>
    private sealed class View
    {
        private readonly HashSet<string> _nicks = [];

        public View(Client client)
        {
            foreach (var stanza in client.Got)
            {
                Take(stanza, client);
            }
        }

        public IEnumerable<string> Nicks => _nicks;

        public List<string> Said { get; } = [];

        private void Take(Element stanza, Client client)
        {
            var nick = Jid.Parse(stanza["from"]!).Resource;
            var codes = stanza.Child("x", Ns.MucUser)?.Where(child => child.Name == "status").Select(status => status["code"]).ToArray() ?? [];
            switch (stanza.Name, stanza["type"])
            {
                case ("presence", null):
                    _nicks.Add(nick!);
                    break;
                case ("presence", "unavailable") when codes.Contains("110") && !codes.Contains("303"):
                    _nicks.Clear();
                    Said.Add($"left by {client.Jid} {Guid.NewGuid()}");
                    break;
                case ("presence", "unavailable"):
                    _nicks.Remove(nick!).ShouldBeTrue($"{client.Jid} was told that {nick} left, whom it had not seen");
                    break;
                case ("message", "groupchat") when stanza.Child("body") is { } body && stanza.Child("delay", Ns.Delay) is null:
                    _nicks.Contains(nick!).ShouldBeTrue($"{client.Jid} heard {body.Text()} of somebody it had not seen");
                    Said.Add(body.Text());
                    break;
            }
        }
    }

    private sealed class Client(Jid jid, RoomService service) : Sender
    {
        private string _nick = "nobody";

        public override Jid Jid => jid;

        public ConcurrentQueue<Element> Got { get; } = new();

        public volatile bool IsReachable = true;

        public override void Reply(Element stanza)
        {
            // Refusals; what is about the room comes by the other way.
        }

        public ValueTask Enter(string nick)
        {
            _nick = nick;
            return Deliver(new Element("presence", Ns.Client).Add(new Element("x", Ns.Muc)), Room.WithResource(nick));
        }

        public ValueTask Show(string show) => Deliver(new Element("presence", Ns.Client).Add("show", show), Room.WithResource(_nick));

        public ValueTask Leave() => Deliver(new Element("presence", Ns.Client).Set("type", "unavailable"), Room.WithResource(_nick));

        public ValueTask Say(string text) => Deliver(new Element("message", Ns.Client).Set("type", "groupchat").Add("body", text), Room);

        public ValueTask Ask(Element query) => Deliver(new Element("iq", Ns.Client).Set("type", "set").Set("id", StanzaId.New()).Add(query), Room);

        private async ValueTask Deliver(Element stanza, Jid to)
        {
            try
            {
                await service.Deliver(this, stanza.Set("from", jid.Text).Set("to", to.Text), to);
            }
            catch (StanzaErrorException)
            {
                // A nick that is taken, a room one is not in.
            }
        }
    }

    /// <summary>Where the people live: remembers what each of them got.</summary>
    private sealed class FarAway : LocalService, IFeature
    {
        public ConcurrentDictionary<string, Client> Clients { get; } = new();

        public RoomService Service { get; set; } = null!;

        public void Register(FeatureRegistry registry) => registry.Services.Add("far.localhost", this);

        public Client Client(string person, int number)
        {
            var client = new Client(Jid.Parse($"{person}@far.localhost/{number}"), Service);
            Clients[client.Jid.Text] = client;
            return client;
        }

        public override bool Send(PreparedStanza stanza, Jid to)
        {
            var client = Clients[to.Text];
            if (!client.IsReachable)
            {
                return false;
            }

            client.Got.Enqueue(stanza.ToElement([]));
            return true;
        }
    }
}
