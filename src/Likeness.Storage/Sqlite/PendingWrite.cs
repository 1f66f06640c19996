namespace Likeness.Storage.Sqlite;

/// <summary>A write on its way to the disk. Nobody hears of its result, or of its refusal by what others wrote, before that is durable.</summary>
internal abstract class PendingWrite
{
    /// <summary>Runs inside a transaction; again in another one when that came to nothing.</summary>
    public abstract void Apply(SqliteSession session);

    /// <summary>Applying failed and was undone.</summary>
    public abstract void Refuse(Exception reason);

    /// <summary>Tells whoever waits how it ended.</summary>
    public abstract void Tell();
}

internal sealed class PendingWrite<T>(Func<Session, ValueTask<T>> write, CancellationToken cancellationToken) : PendingWrite
{
    // The one who waits goes on elsewhere: the writer's thread has other writes to carry.
    private readonly TaskCompletionSource<T> _durable = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;
    private Exception? _refusal;

    public Task<T> Durable => _durable.Task;

    public override void Apply(SqliteSession session)
    {
        _refusal = null;
        cancellationToken.ThrowIfCancellationRequested();
        _result = SqliteSession.Completed(write(session));
    }

    public override void Refuse(Exception reason) => _refusal = reason;

    public override void Tell()
    {
        switch (_refusal)
        {
            case null:
                _durable.SetResult(_result!);
                break;
            case OperationCanceledException:
                _durable.SetCanceled(cancellationToken);
                break;
            default:
                _durable.SetException(_refusal);
                break;
        }
    }
}
