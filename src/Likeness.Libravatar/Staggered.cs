namespace Likeness.Libravatar;

/// <summary>Attempts that overtake each other: the next one starts when the one before has failed or used up its head start; the first to succeed wins, the others are cancelled.</summary>
public static class Staggered
{
    /// <summary>Throws what the last failed attempt threw when none succeeds. A result that comes too late is disposed of; attempts must heed their cancellationToken, they are waited for.</summary>
    public static async Task<TResult> First<TItem, TResult>(
        IReadOnlyList<TItem> items,
        Func<TItem, CancellationToken, Task<TResult>> attempt,
        TimeSpan headStart,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        using var won = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = new List<Task<TResult>>();
        try
        {
            Exception? failure = null;
            for (var next = 0; next < items.Count || running.Count > 0;)
            {
                if (next < items.Count)
                {
                    running.Add(attempt(items[next++], won.Token));
                }

                var timeout = next == items.Count ? Timeout.InfiniteTimeSpan : headStart;
                if (await FirstEnded(running, timeout, time, cancellationToken) is not { } ended)
                {
                    continue;
                }

                running.Remove(ended);
                if (ended.IsCompletedSuccessfully)
                {
                    return await ended;
                }

                failure = ended.Exception?.InnerException ?? failure;
            }

            cancellationToken.ThrowIfCancellationRequested();
            throw failure ?? new IOException("No attempt succeeded.");
        }
        finally
        {
            await won.CancelAsync();
            await Task.WhenAll(running.Select(Discard));
        }
    }

    /// <summary>Null when the head start is over first.</summary>
    private static async Task<Task<TResult>?> FirstEnded<TResult>(List<Task<TResult>> running, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            return await Task.WhenAny(running).WaitAsync(timeout, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    private static async Task Discard<TResult>(Task<TResult> late)
    {
        await ((Task)late).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (late.IsCompletedSuccessfully && late.Result is IDisposable unused)
        {
            unused.Dispose();
        }
    }
}
