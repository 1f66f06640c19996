namespace Likeness.Beside.Mirroring;

/// <summary>
/// How many accounts are looked at in a second: half as many when the server does not keep up, and slowly more again. Where nobody
/// waits for it, the server is left alone three times as long as it took to answer: its people have it for themselves most of the time.
/// </summary>
/// <param name="most">In a second.</param>
internal sealed class Pace(int most, TimeProvider time)
{
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(30);
    private const double Least = 0.5;
    private const int RestsPerWork = 3;

    /// <summary>Of one account, however slow the answers are: they may have a long way.</summary>
    public static readonly TimeSpan MaxRest = TimeSpan.FromSeconds(0.5);

    private readonly Lock _gate = new();
    private double _rate = most;
    private long _next = time.GetTimestamp();
    private long _changed = time.GetTimestamp();
    private long _rested = time.GetTimestamp();
    private double _turn;

    /// <summary>Accounts in a second at this moment.</summary>
    public double Rate
    {
        get
        {
            lock (_gate)
            {
                return _turn * _rate > 1 ? 1 / _turn : _rate;
            }
        }
    }

    /// <summary>Lets the server rest from what was worked last.</summary>
    public async ValueTask Rest(CancellationToken cancellationToken)
    {
        TimeSpan rest;
        lock (_gate)
        {
            rest = time.GetElapsedTime(time.GetTimestamp(), _rested);
        }

        if (rest > TimeSpan.Zero)
        {
            await Task.Delay(rest, time, cancellationToken);
        }
    }

    /// <summary>One account was looked at for which nobody waited.</summary>
    /// <param name="waited">How long answers were waited for meanwhile.</param>
    public void Worked(TimeSpan waited)
    {
        lock (_gate)
        {
            var rest = waited * RestsPerWork < MaxRest ? waited * RestsPerWork : MaxRest;
            _rested = time.GetTimestamp() + (long)(rest.TotalSeconds * time.TimestampFrequency);

            // As it was lately: the last eight or so.
            _turn += ((waited + rest).TotalSeconds - _turn) / 8;
        }
    }

    /// <summary>Waits for the next place.</summary>
    public async ValueTask Wait(CancellationToken cancellationToken)
    {
        TimeSpan wait;
        lock (_gate)
        {
            var now = time.GetTimestamp();
            if (_rate < most && time.GetElapsedTime(_changed, now) >= Recovery)
            {
                (_rate, _changed) = (Math.Min(most, _rate * 2), now);
            }

            // Evenly: nothing is saved up in a pause, since people in chats notice twenty at once.
            var place = Math.Max(_next, now);
            _next = place + (long)(time.TimestampFrequency / _rate);
            wait = time.GetElapsedTime(now, place);
        }

        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time, cancellationToken);
        }
    }

    /// <summary>The server did not answer in time, or said that it has too much to do.</summary>
    public void Slower()
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            if (_rate > Least && time.GetElapsedTime(_changed, now) >= TimeSpan.FromSeconds(1))
            {
                (_rate, _changed) = (Math.Max(Least, _rate / 2), now);
            }
        }
    }
}
