using System.Globalization;

namespace Likeness.Http;

/// <summary>Whole seconds since the start, refreshed once a second: reading them costs nothing.</summary>
internal sealed class HttpClock : IDisposable
{
    private readonly ITimer _timer;
    private long _seconds;

    public HttpClock(TimeProvider time)
    {
        var start = time.GetTimestamp();
        _timer = time.CreateTimer(
            _ => Volatile.Write(ref _seconds, (long)time.GetElapsedTime(start).TotalSeconds), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    public long Seconds => Volatile.Read(ref _seconds);

    /// <summary>An IMF-fixdate (RFC 9110 §5.6.7).</summary>
    public static string Format(DateTimeOffset instant) => instant.ToString("R", CultureInfo.InvariantCulture);

    public void Dispose() => _timer.Dispose();
}
