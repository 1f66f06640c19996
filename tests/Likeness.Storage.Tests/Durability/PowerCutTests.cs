using System.Collections.Concurrent;
using Likeness.Storage.Tests.Databases;
using Likeness.Storage.Tests.Writer;
using Likeness.Stores;

namespace Likeness.Storage.Tests.Durability;

/// <summary>What was acknowledged is on the disk: the power may go at any moment, and whatever was not synchronised with it.</summary>
public sealed class PowerCutTests : IAsyncLifetime
{
    private const int Cuts = 10;
    private const int Writers = 8;
    private readonly SqliteDatabase _database = new();

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Every_acknowledged_portrait_outlives_a_power_cut_under_load(int seed)
    {
        var chance = new Random(seed);
        using var disk = new ForgetfulDisk(_database.Directory);
        await using var stores = await _database.Open();
        var acknowledged = new Acknowledgements();
        using var stop = new CancellationTokenSource();
        var load = Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            try
            {
                await WriteLoad.Run(stores.Portraits, seed, writer, acknowledged);
            }
            catch (OperationCanceledException)
            {
                // Enough.
            }
        })));

        for (var cut = 0; cut < Cuts; cut++)
        {
            await acknowledged.Reach(acknowledged.Count + chance.Next(1, 60));
            var before = acknowledged.All;
            await ShouldHaveAll(disk, chance, before);
        }

        acknowledged.Stop();
        await load;
        disk.Syncs.ShouldBeGreaterThan(Cuts);
    }

    [Fact]
    public async Task Every_commit_is_synchronised_and_references_are_checked()
    {
        await using var stores = await _database.Open();

        (await Ask(stores, "PRAGMA synchronous")).ShouldBe(2);
        (await Ask(stores, "PRAGMA foreign_keys")).ShouldBe(1);
    }

    private static ValueTask<long> Ask(IStores stores, string sql) =>
        ((OpenStores)stores).Engine.Write("", session => session.First(sql, row => row.Number(0)), default);

    private static async Task ShouldHaveAll(ForgetfulDisk disk, Random chance, IReadOnlyCollection<Acknowledged> before)
    {
        await using var image = new SqliteDatabase();
        disk.CutInto(image.Directory, chance);
        await using var found = await image.Open();
        foreach (var (identity, version) in before)
        {
            var portrait = (await found.Portraits.Find(identity)).ShouldNotBeNull();
            portrait.Picture!.Width.ShouldBeGreaterThanOrEqualTo(version);
            var picture = (await found.Portraits.FindPicture(portrait.Picture.Id)).ShouldNotBeNull();
            picture.Bytes.Span.SequenceEqual(WriteLoad.PictureOf(identity, portrait.Picture.Width).Bytes.Span).ShouldBeTrue();
        }

        (await ((OpenStores)found).Engine.Read(session => session.All("PRAGMA integrity_check", row => row.Text(0)), default)).ShouldBe(["ok"]);
    }

    /// <summary>Takes the lines of the writers; ends them when it is told to.</summary>
    private sealed class Acknowledgements : StringWriter
    {
        private readonly ConcurrentQueue<Acknowledged> _all = [];
        private readonly SemaphoreSlim _more = new(0);
        private volatile bool _stopped;

        public int Count => _all.Count;

        public IReadOnlyCollection<Acknowledged> All => [.. _all];

        public void Stop() => _stopped = true;

        public async Task Reach(int count)
        {
            while (_all.Count < count)
            {
                await _more.WaitAsync();
            }
        }

        public override Task WriteLineAsync(string? value)
        {
            _all.Enqueue(Acknowledged.Parse(value!));
            _more.Release();
            return _stopped ? throw new OperationCanceledException() : Task.CompletedTask;
        }
    }
}
