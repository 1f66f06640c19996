using Likeness.Storage.Migrations;
using Likeness.Stores;

namespace Likeness.Storage;

/// <summary>What differs between the databases: how a read gets a session and how writes become durable. The SQL is shared.</summary>
internal abstract class Engine : IAsyncDisposable
{
    /// <summary>Runs a read; every statement in it sees what was acknowledged before.</summary>
    public abstract ValueTask<T> Read<T>(Func<Session, ValueTask<T>> read, CancellationToken cancellationToken);

    /// <summary>
    /// Runs a write in a transaction of its own, durable when the task completes. It may run again after a collision with
    /// another writer, so it must change nothing but the database.
    /// </summary>
    /// <param name="turn">Writes with the same text run one after another, in every process.</param>
    public abstract ValueTask<T> Write<T>(string turn, Func<Session, ValueTask<T>> write, CancellationToken cancellationToken);

    /// <summary>As <see cref="Write{T}"/>, in the journal of archives (<c>archive_journal</c>), and waits for no other write where that can be.</summary>
    public virtual ValueTask<T> WriteJournal<T>(Func<Session, ValueTask<T>> write) => Write("likeness journal of archives", write, CancellationToken.None);

    /// <summary>The journal is there, and not in the database itself.</summary>
    public virtual bool HasSeparateJournal => false;

    /// <summary>Runs a long read; every statement in it sees the same moment, and it may wait for other things in between.</summary>
    public abstract Task Snapshot(Func<Session, Task> read, CancellationToken cancellationToken);

    /// <summary>Rows that one statement should add where there are many: as many as pay for its way to the database.</summary>
    public virtual int RowsAtOnce => 1;

    /// <summary>What other processes change.</summary>
    public abstract IChangeFeed Changes { get; }

    /// <summary>As <see cref="IStores.Claim"/>.</summary>
    public abstract ValueTask<IAsyncDisposable> Claim(string role, string holder, Action<string> lost, CancellationToken cancellationToken);

    /// <summary>Keeps the database as it is before migrations change it, where that is this program's to do. Returns what to tell the operator; null: nothing.</summary>
    public virtual string? BackUpBefore(IReadOnlyList<Migration> migrations) => null;

    /// <summary>A copy that a program which knows this version can read; null: not known.</summary>
    public virtual string? BackupFor(int version) => null;

    /// <summary>Turns the words in which the migrations are written, SQLite's, into this database's.</summary>
    public abstract string Translate(string script);

    public abstract ValueTask DisposeAsync();

    public async ValueTask Write(string turn, Func<Session, ValueTask> write, CancellationToken cancellationToken) =>
        await Write(
            turn,
            async session =>
            {
                await write(session);
                return true;
            },
            cancellationToken);
}
