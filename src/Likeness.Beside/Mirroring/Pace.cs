namespace Likeness.Beside.Mirroring;

/// <summary>How many accounts are looked at in a second: half as many when the server does not keep up, and slowly more again.</summary>
/// <param name="most">In a second.</param>
internal sealed class Pace(int most, TimeProvider time)
{
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(30);
    private const double Least = 0.5;
    private readonly Lock _gate = new();
    private double _rate = most;
    private long _next = time.GetTimestamp();
    private long _changed = time.GetTimestamp();

    /// <summary>Accounts in a second at this moment.</summary>
    public double Rate
    {
        get
        {
            lock (_gate)
            {
                return _rate;
            }
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
