using Likeness.Storage.Migrations;
using Likeness.Storage.Sqlite;
using Likeness.Stores;
using Microsoft.Data.Sqlite;

namespace Likeness.Storage.Tests.Sqlite;

/// <summary>A data directory of an older program, which this one opens.</summary>
[Trait("Requirement", "D-14")]
public sealed class UpgradeBackupTests : IDisposable
{
    private static readonly int Newest = Migration.All[^1].Number;
    private readonly string _directory = Directory.CreateTempSubdirectory("likeness-upgrade-").FullName;

    private string Folder => Path.Combine(_directory, Database.BackupFolder);

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task What_an_older_program_wrote_is_kept_as_it_was_and_readable_by_the_owner_only()
    {
        await LeaveOlder(Newest - 2);
        string? told = null;

        await using (await Database.Open(new StorageOptions { DataDirectory = _directory, Upgraded = text => told = text }))
        {
            var backup = Path.Combine(Folder, $"likeness-{Newest - 2}.db");
            told.ShouldBe($"The database is upgraded from version {Newest - 2} to {Newest}; as it was before it is kept as {backup}");
            Mode(backup).ShouldBe(0b110_000_000);
            Mode(Folder).ShouldBe(0b111_000_000);
            Read(backup, "PRAGMA integrity_check").ShouldBe("ok");
            Read(backup, "SELECT max(number) FROM migrations").ShouldBe($"{Newest - 2}");
            Read(backup, "SELECT account FROM accounts").ShouldBe("juliet@example.org");
        }

        Read(Path.Combine(_directory, "likeness.db"), "SELECT max(number) FROM migrations").ShouldBe($"{Newest}");
    }

    [Fact]
    public async Task What_a_killed_program_left_in_its_log_is_in_the_copy()
    {
        var killed = Directory.CreateDirectory(Path.Combine(_directory, "killed")).FullName;
        await LeaveOlder(Newest - 1, () =>
        {
            foreach (var name in new[] { "likeness.db", "likeness.db-wal" })
            {
                File.Copy(Path.Combine(_directory, name), Path.Combine(killed, name));
            }
        });

        await (await Database.Open(new StorageOptions { DataDirectory = killed })).DisposeAsync();

        var copy = Path.Combine(killed, "copy.db");
        File.Move(Path.Combine(killed, Database.BackupFolder, $"likeness-{Newest - 1}.db"), copy);
        Read(copy, "PRAGMA integrity_check").ShouldBe("ok");
        Read(copy, "SELECT account FROM accounts").ShouldBe("juliet@example.org");
    }

    [Fact]
    public async Task A_new_database_and_one_of_this_version_are_not_copied()
    {
        for (var time = 0; time < 2; time++)
        {
            await using var stores = await Database.Open(new StorageOptions { DataDirectory = _directory, Upgraded = told => throw new InvalidOperationException(told) });
        }

        Directory.Exists(Folder).ShouldBeFalse();
    }

    [Fact]
    public async Task The_two_newest_are_kept()
    {
        foreach (var version in new[] { 1, 2, 3, Newest })
        {
            await LeaveOlder(version);
        }

        Directory.GetFiles(Folder).Select(Path.GetFileName).Order().ShouldBe(["likeness-2.db", "likeness-3.db"]);
    }

    [Fact]
    public async Task The_older_program_names_the_copy_that_it_can_read_and_reads_it()
    {
        await LeaveOlder(2);
        await LeaveOlder(3);
        await LeaveOlder(Newest);

        var refused = await Should.ThrowAsync<DatabaseTooNewException>(() => LeaveOlder(2));
        var backup = Path.Combine(Folder, "likeness-2.db");
        refused.Message.ShouldBe($"The database is at version {Newest} and this program knows versions up to 2: start the newer program, or put back {backup}, which was made before the upgrade.");

        File.Move(backup, Path.Combine(_directory, "likeness.db"), overwrite: true);
        await LeaveOlder(2);
        Read(Path.Combine(_directory, "likeness.db"), "SELECT account FROM accounts").ShouldBe("juliet@example.org");
    }

    [Fact]
    public async Task A_database_that_cannot_be_copied_is_left_as_it_is()
    {
        await LeaveOlder(Newest - 1);
        await File.WriteAllTextAsync(Folder, "in the way");

        var refused = await Should.ThrowAsync<StorageException>(() => Database.Open(new StorageOptions { DataDirectory = _directory }));

        refused.Message.ShouldStartWith("The database is not upgraded, because it could not be copied to ");
        Read(Path.Combine(_directory, "likeness.db"), "SELECT max(number) FROM migrations").ShouldBe($"{Newest - 1}");
    }

    /// <summary>What a program leaves that knows the first migrations only; an account was made with the very first.</summary>
    /// <param name="before">Is done before it ends.</param>
    private async Task LeaveOlder(int version, Action? before = null)
    {
        await using var engine = SqliteEngine.Open(_directory);
        Migration[] known = [.. Migration.All.Where(migration => migration.Number <= version)];
        engine.BackUpBefore(known);
        await Migrator.Apply(engine, known, TimeProvider.System, default);
        await engine.Write(
            "test", session => session.Run("INSERT OR IGNORE INTO accounts (account, domain, sha1_salt, sha1_iterations, sha1_stored_key, sha1_server_key, sha256_salt, sha256_iterations, sha256_stored_key, sha256_server_key) VALUES ('juliet@example.org', 'example.org', x'00', 1, x'00', x'00', x'00', 1, x'00', x'00')"), default);
        before?.Invoke();
    }

    private static int Mode(string path) => OperatingSystem.IsWindows() ? 0 : (int)File.GetUnixFileMode(path);

    private static string Read(string file, string sql)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ConnectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToString(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture)!;
    }
}
