using System.Collections.Concurrent;
using Likeness.Stores;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Likeness.Storage.Sqlite;

/// <summary>
/// The one writer. A group is whatever was queued while the commit before it was reaching the disk: a lone write waits for
/// nobody, many share one commit. Of several each has a savepoint, so one that is refused takes no other with it.
/// </summary>
internal sealed class SqliteWriter : IDisposable
{
    private const int MaxInGroup = 512;
    private readonly BlockingCollection<PendingWrite> _queue = [];
    private readonly SqliteSession _session;
    private readonly Thread _thread;

    public SqliteWriter(SqliteSession session)
    {
        _session = session;
        _thread = new Thread(Run) { IsBackground = true, Name = "SQLite writer" };
        _thread.Start();
    }

    public Task<T> Write<T>(Func<Session, ValueTask<T>> write, CancellationToken cancellationToken)
    {
        var pending = new PendingWrite<T>(write, cancellationToken);
        try
        {
            _queue.Add(pending, CancellationToken.None);
        }
        catch (InvalidOperationException)
        {
            throw new ObjectDisposedException(nameof(SqliteWriter), "The database is closed.");
        }

        return pending.Durable;
    }

    /// <summary>Returns when everything queued before is durable.</summary>
    public void Dispose()
    {
        _queue.CompleteAdding();
        _thread.Join();
        _session.Dispose();
    }

    private void Run()
    {
        var group = new List<PendingWrite>();
        foreach (var first in _queue.GetConsumingEnumerable())
        {
            group.Add(first);
            while (group.Count < MaxInGroup && _queue.TryTake(out var next))
            {
                group.Add(next);
            }

            Commit(group);
            group.Clear();
        }
    }

    private void Commit(List<PendingWrite> group)
    {
        if (TryCommit(group) is not { } failure)
        {
            return;
        }

        // One write too large for the disk must not take its neighbours along: each tries alone.
        foreach (var write in group)
        {
            var reason = group.Count == 1 ? failure : TryCommit([write]);
            if (reason is not null)
            {
                write.Refuse(Named(reason));
                write.Tell();
            }
        }
    }

#pragma warning disable CA1031 // Whatever a write throws belongs to the caller who waits for it; the writer goes on.
    /// <summary>Null when the group is durable and told so, else why nothing of it is.</summary>
    private Exception? TryCommit(IReadOnlyList<PendingWrite> group)
    {
        try
        {
            _session.Step("BEGIN IMMEDIATE");
            foreach (var write in group)
            {
                if (group.Count == 1)
                {
                    ApplyAlone(write);
                }
                else
                {
                    Apply(write);
                }
            }

            _session.Step("COMMIT");
        }
        catch (Exception failure)
        {
            RollBack();
            return failure;
        }

        foreach (var write in group)
        {
            write.Tell();
        }

        return null;
    }

    // Without a savepoint, for which SQLite keeps every page as it was before: that is felt where thousands of rows are written.
    private void ApplyAlone(PendingWrite write)
    {
        try
        {
            write.Apply(_session);
        }
        catch (Exception reason) when (_session.InTransaction)
        {
            _session.Step("ROLLBACK");
            write.Refuse(Named(reason));
            _session.Step("BEGIN");
        }
    }

    private void Apply(PendingWrite write)
    {
        _session.Step("SAVEPOINT one");
        try
        {
            write.Apply(_session);
        }
        catch (Exception reason) when (_session.InTransaction)
        {
            _session.Step("ROLLBACK TO one");
            write.Refuse(Named(reason));
        }

        _session.Step("RELEASE one");
    }

    private void RollBack()
    {
        try
        {
            if (_session.InTransaction)
            {
                _session.Step("ROLLBACK");
            }
        }
        catch (SqliteException)
        {
            // What the next BEGIN finds decides.
        }
    }
#pragma warning restore CA1031

    private static Exception Named(Exception reason) => reason switch
    {
        SqliteException { SqliteErrorCode: raw.SQLITE_CONSTRAINT } => new StoreConflictException(reason.Message),
        SqliteException { SqliteErrorCode: raw.SQLITE_FULL } => new StorageException("The change was not stored: the disk that holds the database is full.", reason) { IsFull = true },
        SqliteException => new StorageException($"The change was not stored: {reason.Message}", reason),
        _ => reason,
    };
}
