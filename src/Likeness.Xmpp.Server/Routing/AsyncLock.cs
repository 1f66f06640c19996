namespace Likeness.Xmpp.Server.Routing;

/// <summary>One at a time, in the order of asking; may be held across awaits. Kept as an account's state, one kind for each thing that is changed.</summary>
internal class AsyncLock
{
    private readonly Lock _gate = new();
    private Task _last = Task.CompletedTask;

    /// <summary>Waits for everybody who asked before.</summary>
    public async ValueTask<Holder> Enter()
    {
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task before;
        lock (_gate)
        {
            before = _last;
            _last = mine.Task;
        }

        await before;
        return new Holder(mine);
    }

    /// <summary>Ends when disposed.</summary>
    public readonly struct Holder(TaskCompletionSource end) : IDisposable
    {
        public void Dispose() => end.TrySetResult();
    }
}
