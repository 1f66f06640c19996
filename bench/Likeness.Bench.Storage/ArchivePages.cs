using System.Diagnostics;
using System.Text;
using Likeness.Storage;
using Likeness.Stores;
using Likeness.Xmpp.Sasl;

namespace Likeness.Bench.Storage;

/// <summary>An archive of very many messages, and how long its pages take: the first one, one in the middle, the last one, the last ones with one of a thousand people, one of a day.</summary>
internal sealed class ArchivePages : IAsyncDisposable
{
    private const int Page = 50;
    private const int People = 1000;
    private static readonly DateTimeOffset First = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly IStores _stores;
    private readonly long _archive;
    private readonly int _messages;

    private ArchivePages(IStores stores, long archive, int messages) => (_stores, _archive, _messages) = (stores, archive, messages);

    public static async Task<ArchivePages> Make(string folder, int messages)
    {
        var stores = await Database.Open(new StorageOptions { DataDirectory = folder });
        var keys = new ScramCredentials([1], 4096, [2], [3]);
        await stores.Accounts.Add(new AccountRecord(new Identity("juliet@example.org"), keys, keys));
        var archive = (await stores.Archives.Open("juliet@example.org")).Archive;
        var random = new Random(1);
        var total = 0L;
        for (var number = 1; number <= messages;)
        {
            var batch = new ArchivedMessage[Math.Min(1000, messages - number + 1)];
            for (var at = 0; at < batch.Length; at++, number++)
            {
                var peer = $"u{random.Next(People)}@example.org";
                var stanza = Encoding.UTF8.GetBytes(
                    $"<message xmlns='jabber:client' to='juliet@example.org' from='{peer}/phone' type='chat' id='m{number}'><body>A message as people write them: some sixty characters long.</body></message>");
                total += stanza.Length + ArchivedMessage.Overhead;
                batch[at] = new ArchivedMessage(archive, number, First.AddSeconds(number), total, peer, "phone", stanza);
            }

            await stores.Archives.Add(batch);
        }

        return new ArchivePages(stores, archive, messages);
    }

    /// <summary>Milliseconds of each page, in order.</summary>
    public async Task<double[]> Measure(string which, int times)
    {
        var random = new Random(2);
        var taken = new double[times];
        for (var time = 0; time < times; time++)
        {
            var (filter, isBackwards) = Of(which, random);
            var begun = Stopwatch.GetTimestamp();
            var page = await _stores.Archives.Read(_archive, filter, isBackwards, Page, 256 * 1024);
            taken[time] = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
            if (page.Messages.Count != Page)
            {
                throw new InvalidOperationException($"A page of {page.Messages.Count} messages.");
            }
        }

        Array.Sort(taken);
        return taken;
    }

    public static async Task<int> Report(int messages)
    {
        const int Times = 2000;
        var folder = Directory.CreateTempSubdirectory("likeness-bench-");
        try
        {
            var begun = Stopwatch.GetTimestamp();
            await using var pages = await Make(folder.FullName, messages);
            var filled = Stopwatch.GetElapsedTime(begun).TotalSeconds;
            Console.WriteLine($"| page of {Page} of {messages:N0}, milliseconds | median | p99 | longest |");
            Console.WriteLine("|---|---|---|---|");
            foreach (var which in All)
            {
                await pages.Measure(which, Times / 10);
                var taken = await pages.Measure(which, Times);
                Console.WriteLine($"| {which} | {taken[Times / 2]:F2} | **{taken[Times * 99 / 100]:F2}** | {taken[^1]:F2} |");
            }

            Console.WriteLine();
            Console.WriteLine($"Filled in {filled:F0} s, {messages / filled:N0} messages a second; {new FileInfo(Path.Combine(folder.FullName, "likeness.db")).Length / (double)messages:F0} bytes per message.");
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    public static IReadOnlyList<string> All { get; } = ["the first page", "a page behind an id", "the last page", "the last page with somebody", "a page from a time on", "a page before an id", "the last page before a time", "a page with somebody behind an id", "a page with somebody between two times"];

    public ValueTask DisposeAsync() => _stores.DisposeAsync();

    private static string Somebody(Random random) => $"u{random.Next(People)}@example.org";

    private (ArchiveFilter Filter, bool IsBackwards) Of(string which, Random random) => which switch
    {
        "the first page" => (new ArchiveFilter(), false),
        "a page behind an id" => (new ArchiveFilter { From = random.Next(1, _messages - Page) }, false),
        "the last page" => (new ArchiveFilter(), true),
        "the last page with somebody" => (new ArchiveFilter { Peer = Somebody(random) }, true),
        "a page before an id" => (new ArchiveFilter { To = random.Next(Page + 1, _messages) }, true),
        "the last page before a time" => (new ArchiveFilter { End = First.AddSeconds(random.Next(Page + 1, _messages)) }, true),
        "a page with somebody behind an id" => (new ArchiveFilter { From = random.Next(1, _messages / 2), Peer = Somebody(random) }, false),
        "a page with somebody between two times" =>
            (new ArchiveFilter { Start = First.AddSeconds(random.Next(1, _messages / 4)), End = First.AddSeconds(_messages - random.Next(1, _messages / 4)), Peer = Somebody(random) }, false),
        _ => (new ArchiveFilter { Start = First.AddSeconds(random.Next(1, _messages - Page)) }, false),
    };
}
