namespace Likeness.Xmpp.Server.Sessions;

/// <summary>Sessions whose clients lost their connection and may come back: so many of one account, so many in all, so many bytes. Where there is no more room, those that were lost first end first.</summary>
internal sealed class AwaySessions(XmppServerOptions options, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Session> _sessions = new();
    private readonly Dictionary<Session, LinkedListNode<Session>> _nodes = [];
    private long _bytes;
    private int _isMakingRoom;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _nodes.Count;
            }
        }
    }

    /// <summary>Bytes that wait for them.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>When it began, and what ends it.</summary>
    /// <param name="expired">Called with <paramref name="state"/>.</param>
    public (long Since, ITimer Expiry) Add(Session session, TimeSpan timeout, TimerCallback expired, object state)
    {
        lock (_gate)
        {
            _nodes.Add(session, _sessions.AddLast(session));
        }

        if (OldestBeside(session) is { } oldest)
        {
            End(oldest);
        }

        MakeRoom();

        // A timer keeps the context it is made in, which is that of the lost connection.
        using var detached = ExecutionContext.SuppressFlow();
        return (time.GetTimestamp(), time.CreateTimer(expired, state, timeout, Timeout.InfiniteTimeSpan));
    }

    public void Remove(Session session)
    {
        lock (_gate)
        {
            if (_nodes.Remove(session, out var node))
            {
                _sessions.Remove(node);
            }
        }
    }

    /// <summary>So many bytes more wait, or less.</summary>
    public void Kept(long bytes)
    {
        if (Interlocked.Add(ref _bytes, bytes) > options.MaxAwayBytes && bytes > 0)
        {
            MakeRoom();
        }
    }

    /// <summary>All of them, at shutdown: what waits goes its way while there is somewhere to go.</summary>
    public Session[] All()
    {
        lock (_gate)
        {
            return [.. _sessions];
        }
    }

    private Session? OldestBeside(Session added)
    {
        Session? oldest = null;
        var count = 1;
        foreach (var session in added.Account.Sessions)
        {
            if (session != added && session.IsAway && session.Stream is { } stream)
            {
                count++;
                oldest = oldest is null || stream.AwaySince < oldest.Stream!.AwaySince ? session : oldest;
            }
        }

        return count > options.MaxAwaySessionsPerAccount ? oldest : null;
    }

    private void MakeRoom()
    {
        if (IsFull() && Interlocked.Exchange(ref _isMakingRoom, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static away => away.EndOldest(), this, preferLocal: false);
        }
    }

    private bool IsFull() => Bytes > options.MaxAwayBytes || Count > options.MaxAwaySessions;

    private void EndOldest()
    {
        while (IsFull())
        {
            Session? oldest;
            lock (_gate)
            {
                oldest = _sessions.First?.Value;
            }

            if (oldest is null)
            {
                break;
            }

            oldest.Close(Full());
            Remove(oldest);
        }

        Volatile.Write(ref _isMakingRoom, 0);
    }

    private static void End(Session session) =>
        ThreadPool.UnsafeQueueUserWorkItem(static session => session.Close(Full()), session, preferLocal: false);

    private static StreamErrorException Full() => new("resource-constraint", "Too many sessions wait for their clients.");
}

/// <summary>What was handled on streams that cannot be resumed any more, kept for a while: the client then knows what not to send again (XEP-0198 §5).</summary>
internal sealed class EndedStreams
{
    private const int Max = 10;
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);
    private readonly Queue<(string Id, uint Handled, DateTimeOffset At)> _streams = new();

    public void Add(string id, uint handled, DateTimeOffset now)
    {
        lock (_streams)
        {
            if (_streams.Count == Max)
            {
                _streams.Dequeue();
            }

            _streams.Enqueue((id, handled, now));
        }
    }

    public uint? HandledOn(string id, DateTimeOffset now)
    {
        lock (_streams)
        {
            foreach (var stream in _streams)
            {
                if (stream.Id == id && now - stream.At <= Kept)
                {
                    return stream.Handled;
                }
            }

            return null;
        }
    }
}
