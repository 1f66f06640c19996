using System.Threading.Channels;

namespace Likeness.Beside.Mirroring;

/// <summary>Something that was heard of an account. Several of one account are one.</summary>
/// <param name="Id">The id of the avatar, as an event or a presence said; empty: none; null: somebody has to look.</param>
/// <param name="Glance">Somebody has to look whether there is an avatar at all.</param>
/// <param name="IsPatient">Nobody waits for it: it is done one after another, with rests between.</param>
internal readonly record struct Work(string? Id, bool Look, bool Write, bool Glance = false, bool IsPatient = false)
{
    /// <summary>Nothing was heard, and it is looked once in a while.</summary>
    public static Work Sweeping { get; } = new(null, Look: true, Write: false, IsPatient: true);

    public static Work Glancing { get; } = new(null, Look: false, Write: false, Glance: true);

    /// <summary>Seen to differ, or nothing said.</summary>
    public static Work Looking { get; } = new(null, Look: true, Write: false);

    public static Work Writing { get; } = new(null, Look: false, Write: true);

    public static Work Hint(string id) => new(id, Look: false, Write: false);

    /// <summary>Both: what is heard later counts.</summary>
    public Work With(Work later) => new(later.Id ?? Id, Look || later.Look, Write || later.Write, Glance || later.Glance, IsPatient && later.IsPatient);
}

/// <summary>What is to be done: one thing at a time for an account, several accounts at once, a bounded number of them.</summary>
/// <param name="workers">How many accounts something was heard of are worked on at once; the patient rest has one worker beside them.</param>
/// <param name="most">Accounts that wait; beyond it the sweep finds them.</param>
internal sealed class WorkQueue(int workers, int most, Func<Identity, Work, CancellationToken, Task> work)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Identity, Work> _waiting = [];
    private readonly HashSet<Identity> _running = [];
    private readonly Channel<Identity> _order = Channel.CreateUnbounded<Identity>();
    private readonly Channel<Identity> _patient = Channel.CreateUnbounded<Identity>();
    private TaskCompletionSource? _idle;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count + _running.Count;
            }
        }
    }

    /// <summary>False: there is no place for one more account.</summary>
    public bool Add(Identity account, Work what)
    {
        lock (_gate)
        {
            if (_waiting.TryGetValue(account, out var before))
            {
                var both = before.With(what);
                _waiting[account] = both;
                if (before.IsPatient && !both.IsPatient)
                {
                    Enqueue(account, both);
                }

                return true;
            }

            if (_waiting.Count >= most)
            {
                return false;
            }

            _waiting[account] = what;
            Enqueue(account, what);
            return true;
        }
    }

    /// <summary>Completes when nothing waits and nothing is being done.</summary>
    public Task Idle()
    {
        lock (_gate)
        {
            return _waiting.Count + _running.Count == 0
                ? Task.CompletedTask
                : (_idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    public Task Run(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, workers).Select(_ => Serve(_order, stoppingToken)).Append(Serve(_patient, stoppingToken)));

    private void Enqueue(Identity account, Work what)
    {
        if (!_running.Contains(account))
        {
            (what.IsPatient ? _patient : _order).Writer.TryWrite(account);
        }
    }

    private async Task Serve(Channel<Identity> order, CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var account in order.Reader.ReadAllAsync(stoppingToken))
            {
                Work what;
                lock (_gate)
                {
                    // Who stood in both rows was served in the other.
                    if (_running.Contains(account) || !_waiting.Remove(account, out what))
                    {
                        continue;
                    }

                    _running.Add(account);
                }

                try
                {
                    await work(account, what, stoppingToken);
                }
                finally
                {
                    Done(account);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server ends.
        }
    }

    private void Done(Identity account)
    {
        lock (_gate)
        {
            _running.Remove(account);
            if (_waiting.TryGetValue(account, out var what))
            {
                Enqueue(account, what);
            }
            else if (_waiting.Count + _running.Count == 0)
            {
                _idle?.TrySetResult();
                _idle = null;
            }
        }
    }
}
