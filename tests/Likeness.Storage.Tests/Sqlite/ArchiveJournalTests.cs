using Likeness.Storage.Tables;
using Likeness.Storage.Tests.Databases;
using Likeness.Stores;
using Likeness.Xmpp.Sasl;

namespace Likeness.Storage.Tests.Sqlite;

public sealed class ArchiveJournalTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly SqliteDatabase _database = new();

    private string JournalFile => _database.File + ".messages";

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    [Trait("Requirement", "A-21")]
    public async Task A_message_is_durable_while_the_database_is_busy_with_something_else()
    {
        await using var stores = (OpenStores)await _database.Open();
        var archive = await Archive(stores);
        using var isBusy = new ManualResetEventSlim();
        using var goesOn = new ManualResetEventSlim();
        var writing = stores.Engine.Write("long", _ => Busy(isBusy, goesOn), default).AsTask();
        isBusy.Wait(TimeSpan.FromSeconds(15)).ShouldBeTrue();

        await stores.Archives.Add(Message(archive, 1)).WaitAsync(TimeSpan.FromSeconds(15));

        writing.IsCompleted.ShouldBeFalse();
        goesOn.Set();
        await writing;
    }

    [Fact]
    public async Task What_waits_is_in_a_file_of_its_own_that_goes_with_a_clean_end()
    {
        await using (var stores = await _database.Open())
        {
            await stores.Archives.Add(Message(await Archive(stores), 1));
            if (!OperatingSystem.IsWindows())
            {
                File.GetUnixFileMode(JournalFile).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }
        }

        Directory.GetFiles(_database.Directory, "likeness.db*").ShouldBe([_database.File]);
    }

    [Fact]
    public async Task What_an_earlier_version_left_in_the_database_itself_is_sorted_in()
    {
        await using var stores = (OpenStores)await _database.Open();
        var archive = await Archive(stores);
        await stores.Engine.Write(
            "before",
            session => session.Execute("INSERT INTO archive_journal (number, messages) VALUES (3, $1)", JournalRow.Write([Message(archive, 1)])),
            default);

        var next = new ArchiveStore(stores.Engine);
        (await next.Count(archive, new ArchiveFilter())).ShouldBe(1);
        (await stores.Engine.Read(session => session.First("SELECT count(*) FROM archive_journal", row => row.Number(0)), default)).ShouldBe(0);
    }

    private static ValueTask<bool> Busy(ManualResetEventSlim isBusy, ManualResetEventSlim goesOn)
    {
        isBusy.Set();
        return new(goesOn.Wait(TimeSpan.FromSeconds(60)));
    }

    private static async Task<long> Archive(IStores stores)
    {
        var keys = new ScramCredentials([1], 4096, [2], [3]);
        await stores.Accounts.Add(new AccountRecord(new Identity("juliet@example.org"), keys, keys));
        return (await stores.Archives.Open("juliet@example.org")).Archive;
    }

    private static ArchivedMessage Message(long archive, long number) => new(archive, number, Noon, 100 * number, "romeo@example.org", null, "hi"u8.ToArray());
}
