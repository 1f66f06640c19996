namespace Likeness.Xmpp.Server.Rooms;

/// <summary>
/// How fast one client may make a room send to everybody (XEP-0045 §14.6): evenly so many stanzas a second, ten seconds' worth at
/// once. Too fast a client is first made to wait, which stops its stream and nobody else's; then it is refused.
/// </summary>
internal struct OccupantPace
{
    public static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(2);
    private const int Seconds = 10;
    private double _spent;
    private long _at;

    /// <summary>It has said nothing for this long, or never.</summary>
    public readonly bool IsQuietFor(TimeSpan time, TimeProvider clock) => _at == 0 || clock.GetElapsedTime(_at) >= time;

    /// <exception cref="TooFastException">Nothing was taken.</exception>
    /// <param name="perSecond">0: as many as come.</param>
    public void Take(int perSecond, TimeProvider time)
    {
        var now = time.GetTimestamp();
        if (perSecond == 0)
        {
            _at = now;
            return;
        }

        _spent = Math.Max(0, _spent - (perSecond * time.GetElapsedTime(_at, now).TotalSeconds));
        _at = now;
        if (_spent + 1 > perSecond * Seconds)
        {
            throw new TooFastException(TimeSpan.FromSeconds((_spent + 1 - (perSecond * Seconds)) / perSecond));
        }

        _spent++;
    }
}

/// <summary>A client has to wait; it is not to be told yet.</summary>
/// <param name="wait">How long until there is room.</param>
internal sealed class TooFastException(TimeSpan wait) : Exception
{
    public TimeSpan Wait => wait;
}
