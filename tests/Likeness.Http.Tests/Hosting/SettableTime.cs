namespace Likeness.Http.Tests.Hosting;

/// <summary>A clock that stands still until it is moved; its timers run when their time has come.</summary>
internal sealed class SettableTime : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<Alarm> _alarms = [];
    private DateTimeOffset _now = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Alarms that wait, soonest first: how long until each rings.</summary>
    public IReadOnlyList<TimeSpan> Waiting
    {
        get
        {
            lock (_lock)
            {
                return [.. _alarms.Where(alarm => alarm.Due is not null).Select(alarm => alarm.Due!.Value - _now).Order()];
            }
        }
    }

    /// <summary>Told of every alarm that is set.</summary>
    public Action<TimeSpan>? AlarmSet { get; set; }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return _now;
        }
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public void Advance(TimeSpan span)
    {
        List<Alarm> ringing;
        lock (_lock)
        {
            _now += span;
            ringing = [.. _alarms.Where(alarm => alarm.Due <= _now)];
            ringing.ForEach(alarm => alarm.Due = alarm.Period > TimeSpan.Zero ? _now + alarm.Period : null);
        }

        ringing.ForEach(alarm => alarm.Ring());
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var alarm = new Alarm(this, () => callback(state));
        lock (_lock)
        {
            _alarms.Add(alarm);
        }

        alarm.Change(dueTime, period);
        return alarm;
    }

    private sealed class Alarm(SettableTime time, Action ring) : ITimer
    {
        public DateTimeOffset? Due { get; set; }

        public TimeSpan Period { get; private set; }

        public void Ring() => ring();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._lock)
            {
                Period = period;
                Due = dueTime < TimeSpan.Zero ? null : time._now + dueTime;
            }

            if (dueTime >= TimeSpan.Zero)
            {
                time.AlarmSet?.Invoke(dueTime);
            }

            return true;
        }

        public void Dispose()
        {
            lock (time._lock)
            {
                time._alarms.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
