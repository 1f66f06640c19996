using Likeness.Storage.Migrations;
using Likeness.Stores;
using Microsoft.Data.Sqlite;

namespace Likeness.Storage.Sqlite;

/// <summary>An SQLite file in write-ahead mode, owned by this process: reads on many connections, one writer that commits in groups.</summary>
internal sealed class SqliteEngine : Engine
{
    private readonly DataDirectoryLock _lock;
    private readonly SqliteWriter _writer;
    private readonly SqliteReaders _readers;

    private readonly Lock _gate = new();
    private readonly string _directory;
    private readonly string _path;
    private SqliteWriter? _journal;

    private SqliteEngine(DataDirectoryLock held, SqliteSession writer, string directory, string path)
    {
        _directory = directory;
        _lock = held;
        _writer = new SqliteWriter(writer);
        _readers = new SqliteReaders(path);
        _path = path;
    }

    public static SqliteEngine Open(string directory)
    {
        PrivateFile.EnsureDirectoryExists(directory);
        var held = DataDirectoryLock.Take(directory);
        try
        {
            var path = Path.Combine(directory, "likeness.db");
            PrivateFile.EnsureExists(path);
            return new SqliteEngine(held, SqliteSession.OpenWriter(path), directory, path);
        }
        catch (SqliteException exception)
        {
            held.Dispose();
            throw new StorageException($"The database in {directory} cannot be opened: {exception.Message}", exception);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    public override ValueTask<T> Read<T>(Func<Session, ValueTask<T>> read, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new ValueTask<T>(_readers.Read(read));
    }

    // One writer thread: every write has its turn anyway.
    public override ValueTask<T> Write<T>(string turn, Func<Session, ValueTask<T>> write, CancellationToken cancellationToken) =>
        new(_writer.Write(write, cancellationToken));

    public override ValueTask<T> WriteJournal<T>(Func<Session, ValueTask<T>> write) => new(Journal().Write(write, CancellationToken.None));

    public override bool HasSeparateJournal => File.Exists(JournalPath);

    public override async Task Snapshot(Func<Session, Task> read, CancellationToken cancellationToken)
    {
        try
        {
            using var session = SqliteSession.OpenReader(_path);
            session.Step("BEGIN");
            await read(session);
        }
        catch (SqliteException exception)
        {
            throw new StorageException($"The database could not be read: {exception.Message}", exception);
        }
    }

    public override IChangeFeed Changes { get; } = new NoChanges();

    /// <summary>Who has the data directory has every role.</summary>
    public override ValueTask<IAsyncDisposable> Claim(string role, string holder, Action<string> lost, CancellationToken cancellationToken) =>
        new(new Held());

    // The file was opened and nothing was written: the writer's connection is idle.
    public override string? BackUpBefore(IReadOnlyList<Migration> migrations)
    {
        try
        {
            using var session = SqliteSession.OpenWriter(_path);
            return UpgradeBackup.Take(session, _directory, migrations);
        }
        catch (SqliteException exception)
        {
            throw new StorageException($"The database in {_directory} cannot be opened: {exception.Message}", exception);
        }
    }

    public override string? BackupFor(int version) => UpgradeBackup.For(_directory, version);

    public override string Translate(string script) => script;

    public override async ValueTask DisposeAsync()
    {
        if (_journal is not null)
        {
            var isEmpty = await _journal.Write(session => session.First("SELECT count(*) FROM archive_journal", row => row.Number(0)), CancellationToken.None) == 0;
            _journal.Dispose();
            if (isEmpty)
            {
                File.Delete(JournalPath);
            }
        }

        // The writer last: only a connection that may write leaves everything in the one file.
        _readers.Dispose();
        _writer.Dispose();
        _lock.Dispose();
    }

    // Whatever moves the database by its name moves this along.
    private string JournalPath => _path + ".messages";

    private SqliteWriter Journal()
    {
        lock (_gate)
        {
            try
            {
                return _journal ??= new SqliteWriter(SqliteSession.OpenJournal(JournalPath));
            }
            catch (SqliteException exception)
            {
                throw new StorageException($"The journal {JournalPath} cannot be opened: {exception.Message}", exception);
            }
        }
    }

    private sealed class Held : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => default;
    }
}
