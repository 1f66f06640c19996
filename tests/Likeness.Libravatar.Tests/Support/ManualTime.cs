namespace Likeness.Libravatar.Tests.Support;

/// <summary>Time that passes only when a test says so, and says when somebody begins to wait.</summary>
internal sealed class ManualTime : TimeProvider
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly Lock _gate = new();
    private readonly List<Alarm> _alarms = [];
    private readonly List<(TimeSpan Due, int Count, TaskCompletionSource Seen)> _watches = [];
    private DateTimeOffset _now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now;
        }
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    /// <summary>Completes when somebody has set a timer that is due in exactly this time; ask before it can happen.</summary>
    public Task TimerOf(TimeSpan due)
    {
        lock (_gate)
        {
            return Waiting(due, CountOf(due) + 1);
        }
    }

    /// <summary>Completes when so many wait that are due in exactly this time from now.</summary>
    public Task Waiting(TimeSpan due, int count = 1)
    {
        lock (_gate)
        {
            if (CountOf(due) >= count)
            {
                return Task.CompletedTask;
            }

            var watch = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _watches.Add((due, count, watch));
            return watch.Task.WaitAsync(Limit);
        }
    }

    public void Advance(TimeSpan by)
    {
        Alarm[] due;
        lock (_gate)
        {
            _now += by;
            due = [.. _alarms.Where(alarm => alarm.Due <= _now).OrderBy(alarm => alarm.Due)];
            _alarms.RemoveAll(due.Contains);
        }

        Array.ForEach(due, alarm => alarm.Ring());
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var alarm = new Alarm(this, () => callback(state));
        alarm.Change(dueTime, period);
        return alarm;
    }

    private int CountOf(TimeSpan due) => _alarms.Count(alarm => alarm.Due == _now + due);

    private sealed class Alarm(ManualTime time, Action ring) : ITimer
    {
        public DateTimeOffset Due { get; private set; }

        public void Ring() => ring();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
            {
                time._alarms.Remove(this);
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    Due = time._now + dueTime;
                    time._alarms.Add(this);
                    time._watches.RemoveAll(watch => watch.Count <= time.CountOf(watch.Due) && watch.Seen.TrySetResult());
                }
            }

            return true;
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
