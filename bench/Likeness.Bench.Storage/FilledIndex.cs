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
    private const int Changes = 200;
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

    /// <summary>Microseconds for a portrait to change, until it is durable and everybody who caches it has been told.</summary>
    public async Task<double> ChangePortrait()
    {
        var book = Book();
        var pictures = Enumerable.Range(0, Changes).Select(number => Picture.Of(System.Text.Encoding.UTF8.GetBytes($"picture {number} of {_random.Next()}"), "image/png", 80, 80)).ToArray();
        var watch = Stopwatch.StartNew();
        foreach (var picture in pictures)
        {
            await book.Set(Person(_random.Next(_people)), new NewPortrait { Picture = picture }, new Cause(Origin.Command));
        }

        return watch.Elapsed.TotalMicroseconds / Changes;
    }

    /// <summary>Microseconds for somebody's new address to be durable, and the same to take it away again.</summary>
    public async Task<double> ChangeAddress()
    {
        var addresses = new AddressBook(_stores.Portraits);
        var watch = Stopwatch.StartNew();
        for (var number = 0; number < Changes; number++)
        {
            var (owner, address) = (Person(_random.Next(_people)), Address.Email($"more{number}@example.org"));
            await addresses.Add(owner, address);
            await addresses.Remove(owner, address);
        }

        return watch.Elapsed.TotalMicroseconds / Changes;
    }

    /// <summary>Bytes of managed memory that stay, per address, when a portrait book was asked for all of them.</summary>
    public async Task<double> MemoryPerAddress()
    {
        var book = Book();
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

    private PortraitBook Book() =>
        new(_stores.Portraits, new DomainPolicies([new DomainPolicy { Domain = "example.org" }]), TimeProvider.System, NullLogger<PortraitBook>.Instance);

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
