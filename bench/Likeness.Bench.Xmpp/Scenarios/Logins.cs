using System.Diagnostics;
using Likeness.Bench.Xmpp.Results;
using Likeness.Bench.Xmpp.Sessions;

namespace Likeness.Bench.Xmpp.Scenarios;

/// <summary>Clients that connect, authenticate, bind and leave again, 32 at a time.</summary>
sealed class Logins(string name, LoginKind kind) : IScenario
{
    const int atOnce = 32;

    public string Name => name;

    public string Unit => "logins/s";

    /// <summary>Only who finds the messages in the archive is bound with the login (XEP-0386 §3.2).</summary>
    public bool Archives => kind.Fast;

    public async Task<Measurement> Run(Stage stage)
    {
        var load = new Load();
        var workers = stage.Population.Loners(atOnce).Select(user => Task.Run(() => Keep(stage, load, user))).ToList();
        try
        {
            return await load.Measure(stage);
        }
        finally
        {
            load.End();
            await Task.WhenAll(workers);
        }
    }

    async Task Keep(Stage stage, Load load, int user)
    {
        while (!load.Over)
        {
            var start = Stopwatch.GetTimestamp();
            try
            {
                using var connection = await Login.Open(stage.Target, user, kind);
                load.Took(start);
                load.Count();
            }
            catch (Exception bad)
            {
                load.Fail($"login of u{user}: {bad.Message}");
                return;
            }
        }
    }
}
