using System.Globalization;
using Likeness.Bench.Xmpp.People;
using Likeness.Bench.Xmpp.Servers;
using Likeness.Bench.Xmpp.Sessions;

namespace Likeness.Bench.Xmpp.Soaking;

/// <summary>A day of a domain in an hour, or as much of it as there is time for: everything at once, and how the server fares at intervals.</summary>
static class Soak
{
    public const string Usage = """
        bench/xmpp/run soak [--seconds 3600] [--every 30] [--keep]
          One Likeness with archives: a thousand messages a second, a room in which people come and go, logins that end in leave or in
          a cut, status changes, pictures, pages of archives. Prints latency, memory and handles each interval; exit code 1 when they grow.
        """;

    public static async Task<int> Run(string[] words)
    {
        var options = BenchOptions.Parse([.. words.Where((word, at) => !IsOwn(words, at))]);
        var length = TimeSpan.FromSeconds(Number(words, "--seconds", 3600));
        var every = TimeSpan.FromSeconds(Number(words, "--every", 30));
        if (length < 8 * every)
            throw new FormatException("fewer than eight intervals say nothing");
        var workspace = Directory.CreateTempSubdirectory("likeness-soak-").FullName;
        try
        {
            return await Play(new LikenessServer(options.Likeness), workspace, length, every);
        }
        finally
        {
            if (!options.Keep)
                Directory.Delete(workspace, recursive: true);
        }
    }

    static async Task<int> Play(LikenessServer adapter, string workspace, TimeSpan length, TimeSpan every)
    {
        var population = new Population(Users: 400);
        Console.Error.WriteLine("preparing");
        await adapter.Prepare(workspace, population);
        await using var server = await adapter.Start(workspace, archives: true);
        var vitals = new Vitals(server);
        await using var life = await Life.Begin(new Target(server.Address, "localhost"), population, vitals);
        Console.WriteLine(Sample.Header);
        var samples = new List<Sample>();
        while (samples.Count * every < length)
        {
            await Task.Delay(every);
            life.Check();
            samples.Add(vitals.Take(samples.Count * every + every));
            Console.WriteLine(samples[^1]);
        }

        await life.End();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{vitals.Sent} messages were sent, {vitals.Sent - vitals.Arrived} of them are missing."));
        return Verdict.Of(samples) & vitals.Sent == vitals.Arrived ? 0 : 1;
    }

    static bool IsOwn(string[] words, int at) => words[at] == "--every" || (at > 0 && words[at - 1] == "--every");

    static double Number(string[] words, string name, double otherwise)
    {
        var at = Array.IndexOf(words, name);
        return at < 0 ? otherwise : double.Parse(words[at + 1], CultureInfo.InvariantCulture);
    }
}
