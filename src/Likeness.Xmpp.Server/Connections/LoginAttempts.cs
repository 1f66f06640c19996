using System.Collections.Concurrent;

namespace Likeness.Xmpp.Server.Connections;

/// <summary>Counts failed logins per address and per account in one-minute windows (C-49).</summary>
public sealed class LoginAttempts(TimeProvider time)
{
    private const int MaxFailuresPerMinute = 30;
    private const int MaxEntries = 50_000;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<string, (DateTimeOffset Since, int Failures)> _failures = new(StringComparer.Ordinal);

    public bool MayTry(string key) =>
        !_failures.TryGetValue(key, out var seen) || seen.Failures < MaxFailuresPerMinute || time.GetUtcNow() - seen.Since > Window;

    public void Failed(string key)
    {
        var now = time.GetUtcNow();
        if (_failures.Count > MaxEntries)
        {
            foreach (var (old, seen) in _failures)
            {
                if (now - seen.Since > Window)
                {
                    _failures.TryRemove(old, out _);
                }
            }
        }

        _failures.AddOrUpdate(
            key,
            _ => (now, 1),
            (_, seen) => now - seen.Since > Window ? (now, 1) : (seen.Since, seen.Failures + 1));
    }
}
