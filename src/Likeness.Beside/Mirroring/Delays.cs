using System.Collections.Concurrent;

namespace Likeness.Beside.Mirroring;

/// <summary>When what failed is tried again: later each time, at most an hour.</summary>
internal sealed class Delays(TimeProvider time)
{
    public static readonly TimeSpan First = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);
    private const int MaxRemembered = 10_000;
    private readonly ConcurrentDictionary<Identity, (TimeSpan Pause, DateTimeOffset Next)> _failed = new();

    /// <summary>What became of it; whoever failed waits twice as long as the last time.</summary>
    public void Tried(Identity account, bool isDone)
    {
        if (isDone)
        {
            Forget(account);
            return;
        }

        if (_failed.Count >= MaxRemembered && !_failed.ContainsKey(account))
        {
            return;
        }

        var pause = _failed.TryGetValue(account, out var before) ? (before.Pause * 2 < Longest ? before.Pause * 2 : Longest) : First;
        _failed[account] = (pause, time.GetUtcNow() + pause);
    }

    public bool IsOver(Identity account) => !_failed.TryGetValue(account, out var delay) || delay.Next <= time.GetUtcNow();

    /// <summary>Those whose time has come; they are not told of again before they have had as much time once more.</summary>
    public IReadOnlyList<Identity> Over()
    {
        var now = time.GetUtcNow();
        var over = _failed.Where(entry => entry.Value.Next <= now).ToArray();
        foreach (var (account, delay) in over)
        {
            _failed.TryUpdate(account, delay with { Next = now + delay.Pause }, delay);
        }

        return [.. over.Select(entry => entry.Key)];
    }

    public void Forget(Identity account) => _failed.TryRemove(account, out _);

    public void Clear() => _failed.Clear();
}
