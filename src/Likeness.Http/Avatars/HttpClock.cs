using System.Globalization;
using System.Text;

namespace Likeness.Http;

/// <summary>The time as answers need it, refreshed once a second: reading it costs nothing.</summary>
public sealed class HttpClock : IDisposable
{
    /// <summary>Length of an IMF-fixdate (RFC 9110 §5.6.7).</summary>
    public const int DateLength = 29;

    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly ITimer _timer;
    private Moment _now;

    public HttpClock(TimeProvider time)
    {
        _time = time;
        _start = time.GetTimestamp();
        _now = Read();
        _timer = time.CreateTimer(_ => Volatile.Write(ref _now, Read()), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    /// <summary>The value of a Date header.</summary>
    public ReadOnlySpan<byte> Date => Volatile.Read(ref _now).Date;

    /// <summary>Whole seconds since the clock was made.</summary>
    public long Seconds => Volatile.Read(ref _now).Seconds;

    public static string Format(DateTimeOffset instant) => instant.ToString("R", CultureInfo.InvariantCulture);

    public void Dispose() => _timer.Dispose();

    private Moment Read() =>
        new(Encoding.ASCII.GetBytes(Format(_time.GetUtcNow())), (long)_time.GetElapsedTime(_start).TotalSeconds);

    private sealed record Moment(byte[] Date, long Seconds);
}
