using System.Collections.Concurrent;
using System.Globalization;
using Likeness.Stores;
using Likeness.Xmpp.Server.Connections;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Server.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Xmpp.Server.Tests.Sessions.Interleaving;

/// <summary>
/// Cuts, resumptions, kicks and new logins at random, all at once: no message is lost, none is shown twice, each device sees them in their
/// order, and whoever is gone is seen to be gone.
/// </summary>
public sealed class ResumptionInterleavingTests
{
    private const int Lanes = 4;
    private const int Phases = 3;

    [Theory]
    [Trait("Requirement", "R-12")]
    [Trait("Requirement", "R-10")]
    [InlineData(200)]
    public Task Nothing_is_lost_and_nothing_doubled(int scenarios) => Play(scenarios, firstSeed: 1);

    [Theory]
    [Trait("Requirement", "R-12")]
    [Trait("Category", "Slow")]
    [InlineData(10_000)]
    public Task Nothing_is_lost_and_nothing_doubled_in_thousands_of_ways(int scenarios) => Play(scenarios, firstSeed: 1_000);

    [Theory]
    [Trait("Requirement", "R-12")]
    [Trait("Category", "Long")]
    [InlineData(100_000)]
    public Task Nothing_is_lost_and_nothing_doubled_in_the_long_run(int scenarios) => Play(scenarios, firstSeed: 1_000_000);

    private static Task Play(int scenarios, int firstSeed) =>
        Task.WhenAll(Enumerable.Range(0, Lanes).Select(lane => Task.Run(() => PlayLane(firstSeed + (lane * scenarios / Lanes), scenarios / Lanes))));

    private static async Task PlayLane(int firstSeed, int scenarios)
    {
        await using var server = await TestServer.Start(new XmppServerOptions { PlaintextForDevelopment = true, PingAfter = TimeSpan.Zero, MaxAway = TimeSpan.FromSeconds(20) });
        foreach (var name in new[] { "juliet", "romeo", "nurse" })
        {
            await server.Stores.Accounts.Add(TestCredentials.Quick($"{name}@localhost"));
        }

        var ends = new Ends(server);
        await server.Stores.Rosters.Save(new Identity("nurse@localhost"), new RosterRecord("romeo@localhost", null, (int)Subscription.To, false, null, true, []));
        await server.Stores.Rosters.Save(new Identity("romeo@localhost"), new RosterRecord("nurse@localhost", null, (int)Subscription.From, false, null, true, []));
        for (var seed = firstSeed; seed < firstSeed + scenarios; seed++)
        {
            var scenario = new Scenario(server, ends, seed);
            try
            {
                await scenario.Play();
            }
            catch (Exception fault)
            {
                throw new InvalidOperationException($"Seed {seed}: {fault.Message}\n{string.Join("\n", server.Log.Errors)}\n{string.Join('\n', scenario.Log)}", fault);
            }
        }

        server.Log.Errors.ShouldBeEmpty();
    }

    private sealed class Scenario
    {
        private readonly TestServer _server;
        private readonly Ends _ends;
        private readonly Random _random;
        private readonly Device _juliet;
        private readonly Device _nurse;
        private readonly Device[] _romeo;
        private readonly int _first;
        private int _sent;
        private bool _anyEnded;

        public Scenario(TestServer server, Ends ends, int seed)
        {
            (_server, _ends) = (server, ends);
            _first = seed * 100;
            _random = new Random(seed);
            _juliet = new Device(server.EndPoint, "juliet", "balcony", new Random(_random.Next()), Log);
            _nurse = new Device(server.EndPoint, "nurse", "hall", new Random(_random.Next()), Log);
            _romeo = [.. new[] { $"a{seed}", $"b{seed}" }.Select(resource => new Device(server.EndPoint, "romeo", resource, new Random(_random.Next()), Log))];
        }

        /// <summary>All that was said, for a scenario that fails.</summary>
        public ConcurrentQueue<string> Log { get; } = new();

        public async Task Play()
        {
            foreach (var device in Devices)
            {
                await device.LogIn();
            }

            for (var phase = 0; phase < Phases; phase++)
            {
                await Task.WhenAll([Talk(new Random(_random.Next())), .. _romeo.Select(device => Live(device, new Random(_random.Next())))]);
                await Settle();
                if (_random.Next(4) == 0)
                {
                    await Expire();
                }
            }

            foreach (var device in _romeo.Where(device => !device.IsConnected))
            {
                await device.LogIn();
            }

            // What a kicked client left behind under another resource waits until its time is over.
            await Settle();
            await Expire();
            await Arrival();
            Check();
            await Leave();
        }

        // Juliet writes, and loses her line in the middle of it.
        private async Task Talk(Random random)
        {
            for (var count = random.Next(6); count > 0; count--)
            {
                var to = random.Next(3) switch { 0 => "romeo@localhost", 1 => $"romeo@localhost/{_romeo[0].Resource}", _ => $"romeo@localhost/{_romeo[1].Resource}" };
                var message = $"<message to='{to}' type='chat'><body>{_first + ++_sent}</body></message>";
                if (random.Next(5) > 0)
                {
                    await _juliet.Send(message);
                    continue;
                }

                await _juliet.CutWhileSending(message);
                await (random.Next(2) == 0 ? _juliet.ResumeTwice() : _juliet.LogIn());
            }
        }

        private async Task Live(Device device, Random random)
        {
            for (var count = random.Next(4); count > 0; count--)
            {
                if (!device.IsConnected)
                {
                    await Return(device, random);
                    continue;
                }

                switch (random.Next(8))
                {
                    case 0:
                        await device.Fence();
                        break;
                    case 1:
                        // Another login takes the place of a line that lives.
                        _anyEnded = true;
                        await device.LogInAfresh();
                        break;
                    case 2:
                        _anyEnded = true;
                        await device.Close();
                        break;
                    case 3:
                        // A line that lives, too, though the client does not believe it.
                        await device.Resume();
                        break;
                    default:
                        await device.CutWhileSending("<presence><status>" + random.Next() + "</status></presence>");
                        break;
                }
            }
        }

        private async Task Return(Device device, Random random)
        {
            switch (random.Next(5))
            {
                case 0:
                    break;
                case 1:
                    _anyEnded = true;
                    await device.LogInAfresh();
                    break;
                case 2 when device.CanResume && !device.MayHaveEnded:
                    await device.ResumeTwice();
                    break;
                default:
                    await device.LogIn();
                    break;
            }
        }

        private IEnumerable<Device> Devices => new[] { _nurse, _juliet }.Concat(_romeo);

        private async Task Settle()
        {
            foreach (var device in Devices.Where(device => device.IsConnected))
            {
                await device.Fence();
            }
        }

        private async Task Expire()
        {
            var open = _server.Services.GetRequiredService<OpenConnections>();
            await Until(() => open.Count == Devices.Count(device => device.IsConnected));
            _server.Clock.Advance(TimeSpan.FromSeconds(21));
            foreach (var device in _romeo.Where(device => !device.IsConnected))
            {
                (_anyEnded, device.MayHaveEnded) = (true, true);
            }

            await Until(() => Account("romeo") is not { } account || account.Sessions.All(session => !session.IsAway));
        }

        // What a session gives back may still be on its way to the store and from there.
        private async Task Arrival()
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            do
            {
                await Settle();
            }
            while (Missing().Any() && !limit.IsCancellationRequested);
        }

        private IEnumerable<int> Missing() =>
            Enumerable.Range(_first + 1, _sent).Except(_romeo.SelectMany(device => device.Sessions).SelectMany(session => session).Select(receipt => receipt.Number));

        private void Check()
        {
            Missing().ShouldBeEmpty("lost");
            foreach (var device in _romeo)
            {
                foreach (var session in device.Sessions)
                {
                    // What the scenario before left behind may come, too.
                    session.RemoveAll(receipt => receipt.Number <= _first);
                    session.GroupBy(receipt => receipt.Number).Where(same => same.Count() > 1).Select(same => same.Key).ShouldBeEmpty("shown twice in one session");
                    session.Where(receipt => !receipt.IsLate || !_anyEnded).Select(receipt => receipt.Number).ShouldBeInOrder();
                }

                var all = device.Sessions.SelectMany(session => session).GroupBy(receipt => receipt.Number);
                all.Where(same => same.SkipLast(1).Any(earlier => earlier.IsAcknowledged)).Select(same => same.Key).ShouldBeEmpty("acknowledged and sent again");
            }
        }

        private async Task Leave()
        {
            foreach (var device in _romeo)
            {
                await device.Close();
            }

            await _juliet.Close();
            await Until(() => Account("romeo") is not { Sessions.IsEmpty: false });
            await _nurse.Fence();
            await _nurse.Fence();
            var seen = _nurse.Presences.Where(presence => presence["from"]!.StartsWith("romeo", StringComparison.Ordinal)).GroupBy(presence => presence["from"]);
            seen.Where(states => states.Last()["type"] != "unavailable").Select(states => states.Key).ShouldBeEmpty("ghosts");
            await _nurse.Close();
            await Until(() => Account("nurse") is not { Sessions.IsEmpty: false } && Account("juliet") is not { Sessions.IsEmpty: false });
        }

        private Account? Account(string name) => _server.Services.GetRequiredService<AccountDirectory>().FindLoaded(string.Create(CultureInfo.InvariantCulture, $"{name}@localhost"));

        private async Task Until(Func<bool> so)
        {
            while (true)
            {
                var next = _ends.Next;
                if (so())
                {
                    return;
                }

                await next.WaitAsync(TimeSpan.FromSeconds(60));
            }
        }
    }

    /// <summary>Connections and sessions that are over.</summary>
    private sealed class Ends
    {
        private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

        // Features are put in before the first connection.
        public Ends(TestServer server)
        {
            server.Services.GetRequiredService<OpenConnections>().Left += Tell;
            server.Services.GetRequiredService<FeatureRegistry>().SessionEnded.Add(_ => Tell());
        }

        /// <summary>Completes with the next one.</summary>
        public Task Next => Volatile.Read(ref _next).Task;

        private void Tell() => Interlocked.Exchange(ref _next, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }
}
