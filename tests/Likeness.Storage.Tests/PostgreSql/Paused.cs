namespace Likeness.Storage.Tests.PostgreSql;

/// <summary>A write that has done its first part and commits when it is told to go on.</summary>
internal sealed class Paused
{
    private const string WaitingSql = "SELECT count(*) FROM pg_stat_activity WHERE CAST($1 AS integer) = ANY (pg_blocking_pids(pid))";

    private readonly TaskCompletionSource<long> _process = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Engine _engine;
    private readonly Task _write;

    public Paused(Engine engine, Func<Session, ValueTask> first, Func<Session, ValueTask>? then = null)
    {
        _engine = engine;
        _write = engine.Write(
            "paused",
            async session =>
            {
                await first(session);
                _process.TrySetResult(await session.First("SELECT CAST(pg_backend_pid() AS bigint)", row => row.Number(0)));
                await _goOn.Task;
                await (then?.Invoke(session) ?? default);
            },
            default).AsTask();
    }

    /// <summary>Completes when the first part is done.</summary>
    public Task Reached => _process.Task;

    public async Task GoOnWhenSomebodyWaitsOr(Task other)
    {
        var process = await _process.Task;
        while (!other.IsCompleted && await Waiting(process) == 0)
        {
            await Task.Yield();
        }

        _goOn.SetResult();
        await _write;
    }

    private ValueTask<long> Waiting(long process) =>
        _engine.Read(session => session.First(WaitingSql, row => row.Number(0), process), default);
}
