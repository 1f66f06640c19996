using System.Globalization;
using Likeness.Bench.Xmpp.People;
using Likeness.Bench.Xmpp.Results;
using Likeness.Bench.Xmpp.Scenarios;
using Likeness.Bench.Xmpp.Servers;
using Likeness.Bench.Xmpp.Sessions;

namespace Likeness.Bench.Xmpp;

/// <summary>All scenarios on all servers, round by round: a slow minute of the machine then hits every server and not one.</summary>
sealed class Campaign(BenchOptions options, IReadOnlyList<IServerAdapter> servers, IReadOnlyList<IScenario> scenarios) : IDisposable
{
    readonly string workspace = Directory.CreateTempSubdirectory("likeness-bench-").FullName;
    readonly Population population = new(Users: 200 + Math.Max(options.IdleSessions, 200));
    readonly ScramKeyCache keys = new();
    readonly Dictionary<string, string> unprepared = new(StringComparer.Ordinal);

    public async Task<IReadOnlyList<Run>> Play()
    {
        // The servers' own users have to get in.
        await Shell.Run("chmod", "755", workspace);
        foreach (var server in servers)
            await Prepare(server);
        var runs = new List<Run>();
        for (var round = 1; round <= options.Rounds; round++)
        {
            foreach (var scenario in scenarios)
            {
                foreach (var server in servers)
                {
                    if (scenario.Rehearsed && round == 1)
                        await Play(server, scenario, round: 0);
                    var run = await Play(server, scenario, round);
                    runs.Add(run);
                    Say(run, scenario);
                }
            }
        }

        return runs;
    }

    public void Dispose()
    {
        if (!options.Keep)
            Directory.Delete(workspace, recursive: true);
    }

    async Task Prepare(IServerAdapter server)
    {
        Console.Error.WriteLine($"preparing {server.Name}");
        var template = Path.Combine(workspace, server.Name);
        Directory.CreateDirectory(template);
        try
        {
            await server.Prepare(template, population);
        }
        catch (Exception bad)
        {
            unprepared[server.Name] = $"preparation: {bad.Message}";
            Console.Error.WriteLine($"preparing {server.Name} failed: {bad.Message}");
        }
    }

    async Task<Run> Play(IServerAdapter server, IScenario scenario, int round)
    {
        if (unprepared.TryGetValue(server.Name, out var reason))
            return new Run(server.Name, scenario.Name, round, null, reason);
        var directory = Path.Combine(workspace, string.Create(CultureInfo.InvariantCulture, $"{server.Name}-{scenario.Name}-{round}"));
        await Shell.Run("cp", "-a", Path.Combine(workspace, server.Name), directory);
        try
        {
            await using var running = await server.Start(directory, scenario.Archives);
            try
            {
                var stage = new Stage(new Target(running.Address, "localhost") { Keys = keys }, running, population, TimeSpan.FromSeconds(options.WarmUp), TimeSpan.FromSeconds(options.Seconds), options.IdleSessions, server, directory);
                return new Run(server.Name, scenario.Name, round, await scenario.Run(stage), null);
            }
            catch (Exception bad)
            {
                Console.Error.WriteLine(running.LogTail);
                throw new ScenarioFailedException(bad is OperationCanceledException ? "no answer within 30 s" : bad.Message);
            }
        }
        catch (Exception bad)
        {
            return new Run(server.Name, scenario.Name, round, null, bad.Message);
        }
        finally
        {
            if (!options.Keep)
                Directory.Delete(directory, recursive: true);
        }
    }

    static void Say(Run run, IScenario scenario)
    {
        var outcome = run.Measurement is { } measured ? measured.Line(scenario.Unit) : $"FAILED: {run.Failure}";
        Console.Error.WriteLine($"{run.Round} {run.Scenario,-16} {run.Server,-14} {outcome}");
    }
}
