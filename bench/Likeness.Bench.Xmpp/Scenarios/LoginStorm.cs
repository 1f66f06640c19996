using System.Diagnostics;
using Likeness.Bench.Xmpp.Results;
using Likeness.Bench.Xmpp.Sessions;
using Likeness.Bench.Xmpp.Wire;

namespace Likeness.Bench.Xmpp.Scenarios;

/// <summary>After a restart everybody comes back at once: SCRAM, bind, roster, presence, and they stay. Nobody is in the server's memory yet.</summary>
sealed class LoginStorm(string name, LoginKind kind) : IScenario
{
    const int atOnce = 64;

    public string Name => name;

    public string Unit => "logins/s";

    // Everybody's salt is another one: deriving the keys of all passwords costs the driver more than their logins cost a server.
    public bool Rehearsed => kind.Scram;

    public async Task<Measurement> Run(Stage stage)
    {
        var load = new Load();
        var silent = new Silent(load);
        var users = stage.Population.Loners(stage.IdleSessions);
        var (clock, cpu) = (Stopwatch.StartNew(), stage.Server.Usage.CpuSeconds);
        var sessions = await Crowd.Each(users, atOnce, user => ComeBack(stage, user, silent));
        var (seconds, usage) = (clock.Elapsed.TotalSeconds, stage.Server.Usage);
        try
        {
            load.Check();
            return new Measurement(users.Count / seconds)
            {
                ServerCpuMicroseconds = (usage.CpuSeconds - cpu) * 1e6 / users.Count,
                ServerCores = (usage.CpuSeconds - cpu) / seconds,
                ServerMegabytes = usage.ResidentKilobytes / 1024.0,
            };
        }
        finally
        {
            foreach (var session in sessions)
                session.Dispose();
        }
    }

    async Task<XmppConnection> ComeBack(Stage stage, int user, Silent silent)
    {
        var session = await Login.Open(stage.Target, user, kind);
        await Request.Send(session, "roster", "<iq type='get' id='roster'><query xmlns='jabber:iq:roster'/></iq>");
        session.Pump(silent);
        session.Send("<presence/>"u8);
        return session;
    }
}
