using Likeness.Bench.Xmpp.Results;
using Likeness.Bench.Xmpp.Sessions;

namespace Likeness.Bench.Xmpp.Scenarios;

/// <summary>How much the server's resident memory grows per session that is bound, available and silent.</summary>
sealed class IdleMemory(string name, LoginKind kind) : IScenario
{
    const int warmUpSessions = 50;
    static readonly TimeSpan settle = TimeSpan.FromSeconds(3);

    public string Name => name;

    public string Unit => "KB/session";

    public bool LessIsBetter => true;

    public async Task<Measurement> Run(Stage stage)
    {
        // Code that is loaded at the first login is not a session's cost.
        foreach (var connection in await stage.Open(stage.Population.Loners(warmUpSessions), kind))
            connection.Dispose();
        await Task.Delay(settle);
        var before = stage.Server.Usage.ResidentKilobytes;
        if (before == 0)
            throw new ScenarioFailedException("the server's pid is not known (--pid)");

        var load = new Load();
        var silent = new Silent(load);
        var sessions = await stage.Open(stage.Population.Loners(stage.IdleSessions), kind);
        try
        {
            foreach (var session in sessions)
            {
                session.Pump(silent);
                session.Send("<presence/>"u8);
            }

            await Quiet.Wait(stage.Server, () => silent.Arrivals);
            load.Check();
            await Task.Delay(settle);
            var after = stage.Server.Usage.ResidentKilobytes;
            return new Measurement((after - before) / (double)sessions.Length) { ServerMegabytes = after / 1024.0 };
        }
        finally
        {
            foreach (var session in sessions)
                session.Dispose();
        }
    }
}
