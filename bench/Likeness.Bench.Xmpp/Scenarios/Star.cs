using System.Diagnostics;
using System.Globalization;
using Likeness.Bench.Xmpp.People;
using Likeness.Bench.Xmpp.Results;
using Likeness.Bench.Xmpp.Sessions;
using Likeness.Bench.Xmpp.Wire;

namespace Likeness.Bench.Xmpp.Scenarios;

/// <summary>
/// One person with many contacts, all online: logs in (roster, presence, every contact's presence back) and leaves, again and again.
/// How the cost grows with the number of contacts is the question.
/// </summary>
sealed class Star(int contacts) : IScenario
{
    const int rounds = 20;
    static readonly TimeSpan limit = TimeSpan.FromSeconds(30);

    public string Name => string.Create(CultureInfo.InvariantCulture, $"contacts-{contacts}");

    public string Unit => "CPU µs/login";

    public bool LessIsBetter => true;

    public async Task<Measurement> Run(Stage stage)
    {
        var load = new Load();
        var people = stage.Population.Loners(contacts + 1);
        var circle = await stage.Open([.. people.Skip(1)], LoginKind.ScramInTheClear);
        try
        {
            await Befriend(stage.Target, people[0], circle);
            var silent = new Silent(load);
            foreach (var contact in circle)
            {
                contact.Pump(silent);
                contact.Send("<presence/>"u8);
            }

            await Quiet.Wait(stage.Server, () => silent.Arrivals);
            var times = new List<double>();
            var cpu = stage.Server.Usage.CpuSeconds;
            for (var round = 0; round < rounds; round++)
            {
                times.Add(await LogIn(stage, people[0]));
                load.Check();
            }

            await Quiet.Wait(stage.Server, () => silent.Arrivals);
            times.Sort();
            return new Measurement((stage.Server.Usage.CpuSeconds - cpu) * 1e6 / rounds)
            {
                MedianMilliseconds = times[rounds / 2],
                NinetyNinthMilliseconds = times[^1],
                ServerMegabytes = stage.Server.Usage.ResidentKilobytes / 1024.0,
            };
        }
        finally
        {
            foreach (var contact in circle)
                contact.Dispose();
        }
    }

    /// <summary>Milliseconds from the first presence until the presence of the last contact is there.</summary>
    async Task<double> LogIn(Stage stage, int user)
    {
        using var session = await Login.Open(stage.Target, user, LoginKind.ScramInTheClear);
        await Request.Send(session, "roster", "<iq type='get' id='roster'><query xmlns='jabber:iq:roster'/></iq>");
        using var timeout = new CancellationTokenSource(limit);
        var clock = Stopwatch.StartNew();
        session.Send("<presence/>"u8);
        for (var seen = 0; seen < contacts;)
        {
            var stanza = await session.Read(timeout.Token);
            if (Stanza.IsPresence(stanza) && Stanza.Sender(stanza) is >= 0 and var sender && sender != user)
                seen++;
        }

        return clock.Elapsed.TotalMilliseconds;
    }

    static async Task Befriend(Target target, int center, XmppConnection[] contacts)
    {
        using var session = await Login.Open(target, center, LoginKind.ScramInTheClear);
        foreach (var contact in contacts)
            await Ask(session, target, contact);
        foreach (var contact in contacts)
            await Ask(contact, target, session);
    }

    static async Task Ask(XmppConnection asking, Target target, XmppConnection asked)
    {
        asking.Send($"<presence to='{target.Address(asked.User)}' type='subscribe'/>");
        await Fence(asking, target);
        asked.Send($"<presence to='{target.Address(asking.User)}' type='subscribed'/>");
        await Fence(asked, target);
    }

    static Task<byte[]> Fence(XmppConnection connection, Target target) =>
        Request.Send(connection, "fence", $"<iq type='get' id='fence' to='{target.Domain}'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>");
}
