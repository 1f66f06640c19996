using Likeness.Bench.Xmpp.Results;
using Likeness.Bench.Xmpp.Sessions;

namespace Likeness.Bench.Xmpp.Scenarios;

/// <summary>What it costs the server when a session goes away without a word: every one of many idle sessions is cut off at the same moment.</summary>
sealed class Departure(string name, LoginKind kind) : IScenario
{
    public string Name => name;

    public string Unit => "CPU µs/disconnect";

    public bool LessIsBetter => true;

    public async Task<Measurement> Run(Stage stage)
    {
        var load = new Load();
        var silent = new Silent(load);
        var sessions = await stage.Open(stage.Population.Loners(stage.IdleSessions), kind);
        foreach (var session in sessions)
        {
            session.Pump(silent);
            session.Send("<presence/>"u8);
        }

        await Quiet.Wait(stage.Server, () => silent.Arrivals);
        load.Check();
        var before = stage.Server.Usage;
        foreach (var session in sessions)
            session.Abort();
        await Quiet.Wait(stage.Server, () => silent.Arrivals);
        var after = stage.Server.Usage;
        return new Measurement((after.CpuSeconds - before.CpuSeconds) * 1e6 / sessions.Length) { ServerMegabytes = after.ResidentKilobytes / 1024.0 };
    }
}
