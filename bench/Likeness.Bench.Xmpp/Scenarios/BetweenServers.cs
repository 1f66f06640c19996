using System.Diagnostics;
using System.Globalization;
using Likeness.Bench.Xmpp.Results;
using Likeness.Bench.Xmpp.Servers;
using Likeness.Bench.Xmpp.Sessions;
using Likeness.Bench.Xmpp.Wire;

namespace Likeness.Bench.Xmpp.Scenarios;

/// <summary>Two servers of one kind, in processes of their own, that find each other by DNS and know each other by certificates.</summary>
sealed class TwoServers : IAsyncDisposable
{
    const string first = "a.example";
    const string second = "b.example";
    Names names = null!;

    public RunningServer First { get; private set; } = null!;

    public RunningServer Second { get; private set; } = null!;

    public Target Here => new(First.Address, first);

    public Target There => new(Second.Address, second);

    /// <param name="domains">Of the second one; none: one.</param>
    public static async Task<TwoServers> Start(Stage stage, params IReadOnlyList<string> domains)
    {
        var (here, there) = (Loopback.FreePort(), Loopback.FreePort());
        var both = new TwoServers { names = new Names(new(StringComparer.Ordinal) { [first] = here, [second] = there }) };
        try
        {
            both.First = await both.Start(stage, "first", [first], here);
            both.Second = await both.Start(stage, "second", domains.Count > 0 ? domains : [second], there);
            return both;
        }
        catch
        {
            await both.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await (First?.DisposeAsync() ?? default);
        await (Second?.DisposeAsync() ?? default);
        names.Dispose();
    }

    Task<RunningServer> Start(Stage stage, string name, IReadOnlyList<string> domains, int port)
    {
        var directory = Path.Combine(stage.Directory, name);
        Directory.CreateDirectory(directory);
        CommonAuthority.Share(stage.Directory, directory, first, second);
        return stage.Adapter.StartFederated(new Federated(directory, domains, port, names.Port));
    }
}

/// <summary>As <see cref="Messages"/>, between people of two servers: all of it goes over one connection with TLS.</summary>
sealed record Link(string Name, int Window) : IScenario
{
    public string Unit => "msg/s";

    public async Task<Measurement> Run(Stage stage)
    {
        var load = new Load();
        await using var both = await TwoServers.Start(stage);
        int[] people = [.. Enumerable.Range(0, Federated.People)];
        var writers = await Crowd.Each(people, atOnce: 16, user => Login.Open(both.Here, user, LoginKind.ScramInTheClear));
        var readers = await Crowd.Each(people, atOnce: 16, user => Login.Open(both.There, user, LoginKind.ScramInTheClear));
        try
        {
            // Who was written to is no stranger, and the connection is there before anything is measured.
            foreach (var reader in readers)
                reader.Send($"<message to='{both.Here.FullAddress(reader.User)}' type='chat'><body>Good morrow.</body></message>");
            await Crowd.Each(people, atOnce: 16, user => Hear(writers[user]));
            var talks = people.Select(user => new Messages.Pair(both.There, writers[user], readers[user], Window, load)).ToList();
            await Quiet.Wait(both.Second, () => load.Done);
            foreach (var talk in talks)
                talk.Begin();
            return await load.Measure(stage with { Server = both.First }, () => talks.Sum(talk => talk.OnTheWay));
        }
        finally
        {
            foreach (var session in writers.Concat(readers))
                session.Dispose();
        }
    }

    static async Task<bool> Hear(XmppConnection connection)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await connection.ReadUntil(static stanza => Stanza.IsMessage(stanza) && Stanza.Has(stanza, "Good morrow"u8), late.Token);
        return true;
    }
}

/// <summary>Somebody asks 500 other domains something, which are all not connected yet: the time until all have answered.</summary>
sealed class Links(string name) : IScenario
{
    const int count = 500;
    static readonly TimeSpan limit = TimeSpan.FromSeconds(120);

    public string Name => name;

    public string Unit => "s for 500";

    public bool LessIsBetter => true;

    public async Task<Measurement> Run(Stage stage)
    {
        await using var both = await TwoServers.Start(stage, [.. Enumerable.Range(0, count).Select(number => string.Create(CultureInfo.InvariantCulture, $"d{number}.b.example"))]);
        using var asker = await Login.Open(both.Here, 0, LoginKind.ScramInTheClear);
        using var late = new CancellationTokenSource(limit);
        var (clock, cpu) = (Stopwatch.StartNew(), both.First.Usage.CpuSeconds);
        asker.Send(string.Concat(Enumerable.Range(0, count).Select(number => $"<iq type='get' id='d{number}' to='d{number}.b.example'><ping xmlns='urn:xmpp:ping'/></iq>")));
        for (var answers = 0; answers < count;)
        {
            var answer = await asker.Read(late.Token);
            if (!Stanza.IsIq(answer) || !Stanza.Attribute(answer, " id="u8).StartsWith("d"u8))
                continue;
            if (Stanza.IsError(answer))
                throw new ScenarioFailedException($"not connected: {Stanza.Text(answer)}");
            answers++;
        }

        var (seconds, usage) = (clock.Elapsed.TotalSeconds, both.First.Usage);
        return new Measurement(seconds)
        {
            ServerCpuMicroseconds = (usage.CpuSeconds - cpu) * 1e6 / count,
            ServerCores = (usage.CpuSeconds - cpu) / seconds,
            ServerMegabytes = usage.ResidentKilobytes / 1024.0,
        };
    }
}
