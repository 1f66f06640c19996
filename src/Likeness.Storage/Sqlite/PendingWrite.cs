namespace Likeness.Storage.Sqlite;

/// <summary>A write on its way to the disk.</summary>
internal abstract class PendingWrite
{
    /// <summary>Refused already; takes no further part.</summary>
    public abstract bool IsCompleted { get; }

    /// <summary>Runs inside the group's transaction. Nobody is told before the commit.</summary>
    public abstract void Apply(SqliteSession session);

    public abstract void Acknowledge();

    public abstract void Refuse(Exception reason);
}

internal sealed class PendingWrite<T>(Func<Session, ValueTask<T>> write, CancellationToken cancellation) : PendingWrite
{
    // The one who waits goes on elsewhere: the writer's thread has other writes to carry.
    private readonly TaskCompletionSource<T> _durable = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    public Task<T> Durable => _durable.Task;

    public override bool IsCompleted => _durable.Task.IsCompleted;

    public override void Apply(SqliteSession session)
    {
        cancellation.ThrowIfCancellationRequested();
        _result = SqliteSession.Completed(write(session));
    }

    public override void Acknowledge() => _durable.TrySetResult(_result!);

    public override void Refuse(Exception reason)
    {
        if (reason is OperationCanceledException)
        {
            _durable.TrySetCanceled(cancellation);
        }
        else
        {
            _durable.TrySetException(reason);
        }
    }
}
