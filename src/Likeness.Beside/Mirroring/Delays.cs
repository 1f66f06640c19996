using System.Collections.Concurrent;

namespace Likeness.Beside.Mirroring;

/// <summary>When what failed is tried again: later each time, at most an hour.</summary>
internal sealed class Delays(TimeProvider time)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);
    private const int MaxRemembered = 10_000;
    private readonly ConcurrentDictionary<Identity, (TimeSpan Pause, DateTimeOffset Next)> _failed = new();

    public bool Any => !_failed.IsEmpty;

    public void Failed(Identity account)
    {
        if (_failed.Count >= MaxRemembered && !_failed.ContainsKey(account))
        {
            return;
        }

        var pause = _failed.TryGetValue(account, out var before) ? (before.Pause * 2 < Longest ? before.Pause * 2 : Longest) : First;
        _failed[account] = (pause, time.GetUtcNow() + pause);
    }

    public bool IsOver(Identity account) => !_failed.TryGetValue(account, out var delay) || delay.Next <= time.GetUtcNow();

    /// <summary>Those whose time has come; each waits longer from now on.</summary>
    public IReadOnlyList<Identity> Over()
    {
        Identity[] over = [.. _failed.Where(entry => entry.Value.Next <= time.GetUtcNow()).Select(entry => entry.Key)];
        foreach (var account in over)
        {
            Failed(account);
        }

        return over;
    }

    public void Forget(Identity account) => _failed.TryRemove(account, out _);

    public void Clear() => _failed.Clear();
}
