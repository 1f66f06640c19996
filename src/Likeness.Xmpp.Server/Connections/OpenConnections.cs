using System.Collections.Concurrent;

namespace Likeness.Xmpp.Server.Connections;

/// <summary>Every open connection: watched for peers that are gone or do not read, and closed in order at shutdown.</summary>
internal sealed class OpenConnections : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<StreamConnection, byte> _connections = new();
    private readonly ITimer _sweep;
    private int _count;
    private int _isSweeping;

    public OpenConnections(TimeProvider time) => _sweep = time.CreateTimer(static open => ((OpenConnections)open!).Sweep(), this, Period, Period);

    public int Count => Volatile.Read(ref _count);

    /// <summary>A connection is over and not counted any more. Raised on its own thread: return at once.</summary>
    public event Action? Left;

    /// <summary>Tells every peer <c>system-shutdown</c>; the streams then end by themselves.</summary>
    public void CloseAll()
    {
        foreach (var (connection, _) in _connections)
        {
            connection.Close(new StreamErrorException("system-shutdown"));
        }
    }

    public void Dispose() => _sweep.Dispose();

    internal void Add(StreamConnection connection)
    {
        _connections[connection] = 0;
        Interlocked.Increment(ref _count);
    }

    internal void Remove(StreamConnection connection)
    {
        if (_connections.TryRemove(connection, out _))
        {
            Interlocked.Decrement(ref _count);
            Left?.Invoke();
        }
    }

    private void Sweep()
    {
        if (Interlocked.Exchange(ref _isSweeping, 1) != 0)
        {
            return;
        }

        foreach (var (connection, _) in _connections)
        {
            connection.Check();
        }

        Volatile.Write(ref _isSweeping, 0);
    }
}
