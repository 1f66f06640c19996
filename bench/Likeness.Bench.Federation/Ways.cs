using Likeness.AspNetCore;
using Likeness.Libravatar;
using Likeness.Libravatar.Resolving;

namespace Likeness.Bench.Federation;

/// <summary>Ways to write a page with many avatars.</summary>
internal static class Ways
{
    private const int Avatars = 200;

    private static readonly Address[] People = [.. Enumerable.Range(0, Avatars).Select(number => Address.Email($"member{number}@{HalfDeadInternet.Domain(number % HalfDeadInternet.Domains)}"))];

    /// <summary>Compiles what is measured.</summary>
    public static async Task WarmUp()
    {
        await using var internet = new HalfDeadInternet();
        using var client = Client(internet);
        Write(client);
        await client.ResolveAsync(People);
        Write(client);
    }

    /// <summary>By what is known, never waiting.</summary>
    public static async Task Url(TimeSpan pause)
    {
        await using var internet = new HalfDeadInternet();
        using var client = Client(internet);
        await Loads("`Url`", internet, pause, () => Task.FromResult(Write(client)));
    }

    /// <summary>All domains at once, half a second at most.</summary>
    public static async Task ResolveMany(TimeSpan pause)
    {
        await using var internet = new HalfDeadInternet();
        using var client = Client(internet);
        await Loads("`ResolveMany`, then `Url`", internet, pause, async () =>
        {
            await client.ResolveAsync(People);
            return Write(client);
        });
    }

    /// <summary>What a library does that asks DNS for each avatar and remembers nothing. Its loads wait in the same way each time, so both are measured side by side.</summary>
    public static async Task OneAfterAnother(TimeSpan timeOut)
    {
        var loads = await Task.WhenAll(new[] { "first", "second" }.Select(async when =>
        {
            await using var internet = new HalfDeadInternet();
            using var resolver = new DnsResolver(internet.Resolver with { Deadline = timeOut, Attempts = 1, MaxSilences = int.MaxValue });
            return await Load.Of($"each asked in turn, {timeOut.TotalSeconds:0.#} s time-out", when, internet, TimeSpan.Zero, async () =>
            {
                var urls = new List<string?>();
                foreach (var person in People)
                {
                    var answer = await resolver.AskAsync(new DnsQuestion("_avatars-sec._tcp." + person.Domain, DnsType.Srv));
                    urls.Add(answer.Records is [ServiceRecord server, ..] ? $"https://{server.Target}/avatar/{person.Md5}" : null);
                }

                return urls;
            });
        }));
        Array.ForEach(loads, load => load.Print());
    }

    /// <summary>As a site has it.</summary>
    private static AvatarClient Client(HalfDeadInternet internet)
    {
        var usual = new AvatarSiteOptions().Client;
        return new AvatarClient(usual with { Discovery = usual.Discovery with { Resolver = internet.Resolver, AskedSpecialDomains = ["example"] } });
    }

    private static IReadOnlyList<string?> Write(AvatarClient client) => [.. People.Select(person => client.Url(person))];

    private static async Task Loads(string way, HalfDeadInternet internet, TimeSpan pause, Func<Task<IReadOnlyList<string?>>> write)
    {
        foreach (var when in new[] { "first", "second", "third" })
        {
            (await Load.Of(way, when, internet, pause, write)).Print();
        }
    }
}
