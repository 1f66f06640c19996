namespace Likeness.Xmpp.Server.Routing;

/// <summary>One at a time, in the order of asking; may be held across awaits. Kept as an account's state, one kind for each thing that is changed.</summary>
internal class AsyncLock
{
    private Task _last = Task.CompletedTask;

    /// <summary>Waits for everybody who asked before.</summary>
    public async ValueTask<Holder> Enter()
    {
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await Interlocked.Exchange(ref _last, mine.Task);
        return new Holder(this, mine);
    }

    /// <summary>Ends when disposed.</summary>
    public readonly struct Holder(AsyncLock of, TaskCompletionSource end) : IDisposable
    {
        public void Dispose()
        {
            // There are very many locks that nobody holds: nothing is kept of those who did.
            Interlocked.CompareExchange(ref of._last, Task.CompletedTask, end.Task);
            end.TrySetResult();
        }
    }
}
