using System.Collections.Concurrent;

namespace Likeness.Storage.Sqlite;

/// <summary>Read-only connections, as many as threads have read at the same moment, a few kept. A read never waits for the writer.</summary>
internal sealed class SqliteReaders(string path) : IDisposable
{
    private static readonly int MostKept = Math.Max(4, Environment.ProcessorCount * 2);
    private readonly ConcurrentBag<SqliteSession> _idle = [];
    private volatile bool _closed;

    public T Read<T>(Func<Session, ValueTask<T>> read)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        var session = _idle.TryTake(out var idle) ? idle : SqliteSession.OpenReader(path);
        try
        {
            return SqliteSession.Completed(read(session));
        }
        finally
        {
            Return(session);
        }
    }

    public void Dispose()
    {
        _closed = true;
        Drain();
    }

    private void Return(SqliteSession session)
    {
        if (_idle.Count >= MostKept)
        {
            session.Dispose();
            return;
        }

        _idle.Add(session);
        if (_closed)
        {
            Drain();
        }
    }

    private void Drain()
    {
        while (_idle.TryTake(out var session))
        {
            session.Dispose();
        }
    }
}
