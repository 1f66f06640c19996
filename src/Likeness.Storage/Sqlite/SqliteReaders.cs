using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Likeness.Storage.Sqlite;

/// <summary>Read-only connections, as many as threads have read at the same moment, a few kept. A read never waits for the writer.</summary>
internal sealed class SqliteReaders(string path) : IDisposable
{
    private static readonly int MaxKept = Math.Max(4, Environment.ProcessorCount * 2);
    private readonly ConcurrentBag<SqliteSession> _idle = [];
    private int _kept;
    private volatile bool _closed;

    public T Read<T>(Func<Session, ValueTask<T>> read)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        try
        {
            var session = Take() ?? SqliteSession.OpenReader(path);
            try
            {
                return SqliteSession.Completed(read(session));
            }
            finally
            {
                Return(session);
            }
        }
        catch (SqliteException exception)
        {
            throw new StorageException($"The database could not be read: {exception.Message}", exception);
        }
    }

    public void Dispose()
    {
        _closed = true;
        while (Take() is { } session)
        {
            session.Dispose();
        }
    }

    private SqliteSession? Take()
    {
        if (!_idle.TryTake(out var session))
        {
            return null;
        }

        Interlocked.Decrement(ref _kept);
        return session;
    }

    private void Return(SqliteSession session)
    {
        if (Interlocked.Increment(ref _kept) > MaxKept)
        {
            Interlocked.Decrement(ref _kept);
            session.Dispose();
            return;
        }

        _idle.Add(session);
        if (_closed)
        {
            Dispose();
        }
    }
}
