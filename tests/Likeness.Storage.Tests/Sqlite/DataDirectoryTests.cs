using Likeness.Storage.Tests.Databases;

namespace Likeness.Storage.Tests.Sqlite;

public sealed class DataDirectoryTests : IAsyncDisposable
{
    private readonly SqliteDatabase _database = new();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task A_second_owner_of_the_data_directory_is_refused_in_a_sentence()
    {
        await using (await _database.Open())
        {
            var refusal = await Should.ThrowAsync<DataDirectoryInUseException>(_database.Open);
            refusal.Message.ShouldContain($"has the data directory {_database.Directory} open");
        }

        await using var next = await _database.Open();
        next.ShouldNotBeNull();
    }

    [Fact]
    public async Task Only_its_owner_can_read_the_database()
    {
        var inner = Path.Combine(_database.Directory, "new", "data");
        await using var stores = await Database.Open(new StorageOptions { DataDirectory = inner });

        Mode(inner).ShouldBe("rwx------");
        Directory.GetFiles(inner).Select(Path.GetFileName).ShouldBe(
            ["likeness.db", "likeness.db-shm", "likeness.db-wal", "likeness.lock"],
            ignoreOrder: true);
        Directory.GetFiles(inner).ShouldAllBe(file => Mode(file) == "rw-------");
    }

    [Fact]
    public async Task A_database_that_was_closed_is_one_file()
    {
        await using (var stores = await _database.Open())
        {
            await stores.Portraits.Find(new Identity("juliet@example.org"));
        }

        Directory.GetFiles(_database.Directory, "likeness.db*").ShouldBe([_database.File]);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_in_a_sentence_and_left_alone()
    {
        var text = new string('x', 5000);
        await File.WriteAllTextAsync(_database.File, text);

        (await Should.ThrowAsync<StorageException>(_database.Open)).Message.ShouldContain("not a database");
        (await File.ReadAllTextAsync(_database.File)).ShouldBe(text);
    }

    [Fact]
    public async Task Without_a_place_for_the_data_nothing_is_opened() =>
        (await Should.ThrowAsync<StorageException>(() => Database.Open(new StorageOptions()))).Message.ShouldContain("data directory");

    [Fact]
    public async Task Commits_reach_the_disk_and_references_are_enforced()
    {
        await using var stores = await _database.Open();
        var engine = ((OpenStores)stores).Engine;

        (await engine.Write("", session => session.First("PRAGMA journal_mode", row => row.Text(0)), default)).ShouldBe("wal");
        (await engine.Write("", session => session.First("PRAGMA synchronous", row => row.Number(0)), default)).ShouldBe(2);
        (await engine.Write("", session => session.First("PRAGMA foreign_keys", row => row.Number(0)), default)).ShouldBe(1);
    }

    [Fact]
    public async Task A_hash_is_looked_up_in_one_index()
    {
        await using var stores = await _database.Open();
        var plan = await ((OpenStores)stores).Engine.Read(
            session => session.All("EXPLAIN QUERY PLAN SELECT identity FROM address_hashes WHERE hash = $1", row => row.Text(3), "x"),
            default);

        plan.ShouldHaveSingleItem().ShouldBe("SEARCH address_hashes USING PRIMARY KEY (hash=?)");
    }

    [Fact]
    public async Task SQLite_is_a_recent_one_whatever_the_system_has()
    {
        await using var stores = await _database.Open();
        var version = await ((OpenStores)stores).Engine.Read(session => session.First("SELECT sqlite_version()", row => row.Text(0)), default);

        Version.Parse(version!).ShouldBeGreaterThanOrEqualTo(new Version(3, 53));
    }

    private static string Mode(string path)
    {
        const string Letters = "rwxrwxrwx";
        var mode = OperatingSystem.IsWindows() ? 0 : (int)File.GetUnixFileMode(path);
        return string.Concat(Letters.Select((letter, index) => (mode & (256 >> index)) != 0 ? letter : '-'));
    }
}
