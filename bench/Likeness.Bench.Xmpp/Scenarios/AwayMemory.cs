using Likeness.Bench.Xmpp.Results;
using Likeness.Bench.Xmpp.Sessions;
using Likeness.Bench.Xmpp.Wire;

namespace Likeness.Bench.Xmpp.Scenarios;

/// <summary>Resident memory for each session whose client lost its line and may come back (XEP-0198). They are waited for five minutes; the measuring takes less.</summary>
sealed class AwayMemory(string name, LoginKind kind) : IScenario
{
    const int warmUpSessions = 200;
    const int atOnce = 200;
    static readonly TimeSpan settle = TimeSpan.FromSeconds(5);

    public string Name => name;

    public string Unit => "KB/session";

    public bool LessIsBetter => true;

    public async Task<Measurement> Run(Stage stage)
    {
        foreach (var connection in await Open(stage, warmUpSessions))
            connection.Abort();
        await Task.Delay(settle);
        var before = stage.Server.Usage.ResidentKilobytes;
        var count = 0;
        // Some at a time: what many connections at once would leave in the heap is no session's cost.
        for (var from = warmUpSessions; from < stage.IdleSessions; from += atOnce)
        {
            var sessions = await Open(stage, Math.Min(atOnce, stage.IdleSessions - from), from);
            foreach (var session in sessions)
                session.Abort();
            count += sessions.Length;
        }

        await Quiet.Wait(stage.Server, () => 0);
        await Task.Delay(settle);
        var after = stage.Server.Usage.ResidentKilobytes;
        return new Measurement((after - before) / (double)count) { ServerMegabytes = after / 1024.0 };
    }

    Task<XmppConnection[]> Open(Stage stage, int count, int from = 0) =>
        Crowd.Each([.. stage.Population.Loners(Math.Min(from + count, stage.IdleSessions)).Skip(from)], atOnce: 16, async user =>
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            var session = await Login.Open(stage.Target, user, kind);
            session.Send("<enable xmlns='urn:xmpp:sm:3' resume='true'/><presence/>"u8);
            var enabled = await session.ReadUntil(static stanza => Stanza.Has(stanza, "urn:xmpp:sm:3"u8), limit.Token);
            return Stanza.Has(enabled, "resume="u8) ? session : throw new ScenarioFailedException($"no resumption: {Stanza.Text(enabled)}");
        });
}
