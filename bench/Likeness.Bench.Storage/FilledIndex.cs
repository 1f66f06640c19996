using System.Diagnostics;
using Likeness.Libravatar;
using Likeness.Storage;
using Likeness.Stores;
using Microsoft.Extensions.Logging.Abstractions;

namespace Likeness.Bench.Storage;

/// <summary>A SQLite database with so many people, each with an address and a portrait; the picture is the same for all.</summary>
internal sealed class FilledIndex : IAsyncDisposable
{
    private const int LookUps = 5_000;
    private const int InFlight = 1_024;
    private readonly Random _random = new(80);
    private readonly string _folder;
    private readonly IStores _stores;
    private readonly int _people;

    private FilledIndex(string folder, IStores stores, int people) => (_folder, _stores, _people) = (folder, stores, people);

    public long FileBytes => new FileInfo(Path.Combine(_folder, "likeness.db")).Length;

    public static async Task<FilledIndex> Make(string folder, int people)
    {
        var picture = Picture.Of("the same for everybody"u8.ToArray(), "image/png", 80, 80);
        await using (var filling = await Database.Open(new StorageOptions { DataDirectory = folder }))
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = InFlight };
            await Parallel.ForAsync(0, people, options, async (number, cancellationToken) =>
            {
                var person = Person(number);
                var portrait = new Portrait { Identity = person, Picture = picture.Info, Origin = Origin.Command };
                await filling.Portraits.AddAddress(person, person.Value, Address.Email(person.Value).Hashes, cancellationToken);
                await filling.Portraits.Save(new PortraitWrite(portrait) { Pictures = [picture] }, cancellationToken);
                if (number % 100_000 == 0 && number > 0)
                {
                    await Console.Error.WriteLineAsync($"{number:N0} addresses …");
                }
            });
        }

        return new FilledIndex(folder, await Database.Open(new StorageOptions { DataDirectory = folder }), people);
    }

    /// <summary>Microseconds to find whose a known hash is and their portrait, as the web does it when nothing is cached.</summary>
    public Task<double> LookUpKnown() => Measure(
        [.. Enumerable.Range(0, LookUps).Select(_ => Address.Email(Person(_random.Next(_people)).Value).Sha256)],
        async hash => await _stores.Portraits.Find((await _stores.Portraits.Resolve(hash))!.Value));

    /// <summary>Microseconds to find that nobody has a hash.</summary>
    public Task<double> LookUpUnknown() => Measure(
        [.. Enumerable.Range(0, LookUps).Select(_ => AddressHash.Sha256($"{_random.Next()}@nowhere.example"))],
        async hash => await _stores.Portraits.Resolve(hash));

    /// <summary>Bytes of managed memory that stay, per address, when a portrait book was asked for all of them.</summary>
    public async Task<double> MemoryPerAddress()
    {
        var policies = new DomainPolicies([new DomainPolicy { Domain = "example.org" }]);
        var book = new PortraitBook(_stores.Portraits, policies, TimeProvider.System, NullLogger<PortraitBook>.Instance);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var number = 0; number < _people; number++)
        {
            await book.Find(Address.Email(Person(number).Value).Md5);
        }

        var growth = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(book);
        return growth / (double)_people;
    }

    public ValueTask DisposeAsync() => _stores.DisposeAsync();

    private static Identity Person(int number) => new($"person{number}@example.org");

    private static async Task<double> Measure(AddressHash[] hashes, Func<AddressHash, Task> lookUp)
    {
        var watch = Stopwatch.StartNew();
        foreach (var hash in hashes)
        {
            await lookUp(hash);
        }

        return watch.Elapsed.TotalMicroseconds / hashes.Length;
    }
}
