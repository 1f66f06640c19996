using System.Buffers.Text;
using System.Diagnostics;
using System.Text;
using Likeness.Bench.Xmpp.Results;
using Likeness.Bench.Xmpp.Sessions;
using Likeness.Bench.Xmpp.Wire;

namespace Likeness.Bench.Xmpp.Scenarios;

/// <summary>
/// A room with a thousand occupants in which something is said twenty times a second, whatever becomes of it: the time until an occupant has it,
/// at the slowest hundredth of all deliveries. The driver reads a thousand sockets on the same machine, which is part of the figure.
/// </summary>
sealed class BigRoom(string name, LoginKind kind) : IScenario
{
    const int most = 1000;
    const int perSecond = 20;
    const string room = "big@rooms.localhost";

    public string Name => name;

    public string Unit => "ms p99";

    public bool LessIsBetter => true;

    public async Task<Measurement> Run(Stage stage)
    {
        var load = new Load();
        var sessions = await stage.Open(stage.Population.Loners(Math.Min(most, stage.IdleSessions)), kind);
        try
        {
            await RoomEntrance.Open(sessions[0], room, sessions.Length + 10);
            var talk = new Talk(load);
            foreach (var session in sessions)
                session.Pump(talk);
            foreach (var session in sessions.Skip(1))
                session.Send(RoomEntrance.Join(room, session.User));
            await Quiet.Wait(stage.Server, () => talk.Arrivals);
            load.Check();
            var speaking = Speak(sessions[0], talk, load);
            var measured = await load.Measure(stage, () => (int)(talk.Said * sessions.Length - load.Done));
            await speaking;
            return measured with { Value = measured.NinetyNinthMilliseconds ?? 0 };
        }
        finally
        {
            foreach (var session in sessions)
                session.Dispose();
        }
    }

    // An even pace: what is late does not make the next one later.
    static async Task Speak(XmppConnection speaker, Talk talk, Load load)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / perSecond));
        while (!load.Over && await timer.WaitForNextTickAsync())
            talk.Say(speaker);
    }

    sealed class Talk(Load load) : IStanzaHandler
    {
        readonly long[] saidAt = new long[100_000];
        long arrivals;
        int said;

        public long Arrivals => Interlocked.Read(ref arrivals);

        public int Said => Volatile.Read(ref said);

        public void Say(XmppConnection speaker)
        {
            var number = Said;
            saidAt[number] = Stopwatch.GetTimestamp();
            Volatile.Write(ref said, number + 1);
            speaker.Send($"<message to='{room}' type='groupchat' id='{number}'><body>A message as people write them: some sixty characters long.</body></message>");
        }

        public void Arrived(XmppConnection connection, ReadOnlySpan<byte> stanza)
        {
            Interlocked.Increment(ref arrivals);
            if (Stanza.IsError(stanza))
                load.Fail("refused", stanza);
            if (!Stanza.IsMessage(stanza) || !Stanza.Has(stanza, "</body>"u8) || !Utf8Parser.TryParse(Stanza.Attribute(stanza, " id="u8), out int number, out _))
                return;
            load.Count();
            load.Took(saidAt[number]);
        }

        public void Lost(XmppConnection connection, string reason) => load.Fail(reason);
    }
}

/// <summary>A thousand people enter one room at the same moment, as after a restart: the time until each has seen itself there, and everybody is at rest.</summary>
sealed class BigJoin(string name, LoginKind kind) : IScenario
{
    const int most = 1000;
    const string room = "big@rooms.localhost";
    static readonly TimeSpan limit = TimeSpan.FromSeconds(60);

    public string Name => name;

    public string Unit => "s for all";

    public bool LessIsBetter => true;

    public async Task<Measurement> Run(Stage stage)
    {
        var load = new Load();
        var sessions = await stage.Open(stage.Population.Loners(Math.Min(most, stage.IdleSessions)), kind);
        try
        {
            await RoomEntrance.Open(sessions[0], room, sessions.Length + 10);
            var crowd = new Comers(load, sessions.Length - 1);
            foreach (var session in sessions)
                session.Pump(crowd);
            await Quiet.Wait(stage.Server, () => load.Done);
            var (clock, cpu) = (Stopwatch.StartNew(), stage.Server.Usage.CpuSeconds);
            foreach (var session in sessions.Skip(1))
                session.Send(RoomEntrance.Join(room, session.User));
            await crowd.AllAreIn.WaitAsync(limit);
            var (seconds, usage) = (clock.Elapsed.TotalSeconds, stage.Server.Usage);
            load.Check();
            return new Measurement(seconds)
            {
                ServerCpuMicroseconds = (usage.CpuSeconds - cpu) * 1e6 / sessions.Length,
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

    sealed class Comers(Load load, int expected) : IStanzaHandler
    {
        readonly TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int inside;

        public Task AllAreIn => all.Task;

        public void Arrived(XmppConnection connection, ReadOnlySpan<byte> stanza)
        {
            if (Stanza.IsError(stanza))
            {
                load.Fail("refused", stanza);
                all.TrySetException(new ScenarioFailedException($"refused: {Stanza.Text(stanza)}"));
                return;
            }

            load.Count();
            if (Stanza.IsPresence(stanza) && Stanza.Has(stanza, "110"u8) && Stanza.Has(stanza, "status"u8)
                && Stanza.Attribute(stanza, " from="u8).IndexOf(Encoding.ASCII.GetBytes($"/u{connection.User}")) >= 0
                && Interlocked.Increment(ref inside) == expected)
                all.TrySetResult();
        }

        public void Lost(XmppConnection connection, string reason) => load.Fail(reason);
    }
}

/// <summary>Resident memory for each of many rooms with one occupant who says nothing: 25,000 of them, 250 for each of a hundred people.</summary>
sealed class IdleRooms(string name, LoginKind kind) : IScenario
{
    const int people = 100;
    const int roomsEach = 250;
    static readonly TimeSpan settle = TimeSpan.FromSeconds(3);

    public string Name => name;

    public string Unit => "KB/room";

    public bool LessIsBetter => true;

    public async Task<Measurement> Run(Stage stage)
    {
        var load = new Load();
        var silent = new Silent(load);
        var sessions = await stage.Open(stage.Population.Loners(people), kind);
        try
        {
            foreach (var session in sessions)
                session.Pump(silent);
            // The first rooms pay for the code of rooms.
            await Enter(sessions, 0, 10);
            await Quiet.Wait(stage.Server, () => silent.Arrivals);
            await Task.Delay(settle);
            var before = stage.Server.Usage.ResidentKilobytes;
            await Enter(sessions, 10, roomsEach + 10);
            await Quiet.Wait(stage.Server, () => silent.Arrivals);
            load.Check();
            await Task.Delay(settle);
            var after = stage.Server.Usage.ResidentKilobytes;
            return new Measurement((after - before) / (double)(people * roomsEach)) { ServerMegabytes = after / 1024.0 };
        }
        finally
        {
            foreach (var session in sessions)
                session.Dispose();
        }
    }

    static async Task Enter(XmppConnection[] sessions, int from, int to)
    {
        for (var number = from; number < to; number++)
        {
            foreach (var session in sessions)
                session.Send(RoomEntrance.Join($"idle{number}-{session.User}@rooms.localhost", session.User));
            if (number % 10 == 9)
                await Task.Delay(100);
        }
    }
}
