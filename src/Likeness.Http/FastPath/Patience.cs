using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Likeness.Http.FastPath;

/// <summary>Ends a connection that lets us wait too long, by the server's heartbeat of one second.</summary>
internal sealed class Patience(ConnectionContext connection)
{
    private int _waited;
    private int _most = int.MaxValue;

    public void Start(int seconds)
    {
        _most = seconds;
        connection.Features.Get<IConnectionHeartbeatFeature>()?.OnHeartbeat(static state => ((Patience)state).Beat(), this);
    }

    /// <param name="restart">False: the time that has passed counts, so that a head cannot be dribbled for ever.</param>
    public void Wait(int seconds, bool restart)
    {
        if (restart || _most > seconds)
        {
            Volatile.Write(ref _waited, 0);
        }

        Volatile.Write(ref _most, seconds);
    }

    public void End() => Volatile.Write(ref _most, int.MaxValue);

    internal void Beat()
    {
        if (Interlocked.Increment(ref _waited) > Volatile.Read(ref _most))
        {
            connection.Abort(new ConnectionAbortedException("The client let the server wait too long."));
        }
    }
}
