namespace Likeness;

/// <summary>Handles items one at a time in the order in which they came, on the thread of one of those who wait for it.</summary>
/// <param name="handle">Must not throw.</param>
internal sealed class OrderedQueue<T>(Action<T> handle)
{
    private readonly Lock _gate = new();
    private readonly Queue<(T Item, TaskCompletionSource Handled)> _waiting = new();
    private bool _isRunning;

    /// <summary>Takes a place in the line. The task completes when the item was handled; somebody has to <see cref="Run"/>.</summary>
    public Task Add(T item)
    {
        var handled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _waiting.Enqueue((item, handled));
        }

        return handled.Task;
    }

    /// <summary>Handles what waits, unless somebody else is at it.</summary>
    public void Run()
    {
        for (var isFirst = true; ; isFirst = false)
        {
            (T Item, TaskCompletionSource Handled) next;
            lock (_gate)
            {
                if (isFirst && _isRunning)
                {
                    return;
                }

                _isRunning = _waiting.TryDequeue(out next);
                if (!_isRunning)
                {
                    return;
                }
            }

            handle(next.Item);
            next.Handled.SetResult();
        }
    }
}
