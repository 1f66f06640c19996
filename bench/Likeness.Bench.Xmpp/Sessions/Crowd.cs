namespace Likeness.Bench.Xmpp.Sessions;

/// <summary>Does set-up work for many users, a few at a time.</summary>
static class Crowd
{
    public static async Task<T[]> Each<T>(IReadOnlyList<int> users, int atOnce, Func<int, Task<T>> work)
    {
        var results = new T[users.Count];
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Math.Min(atOnce, users.Count)).Select(async _ =>
        {
            // Off the caller's stack: with inline socket completions one worker would otherwise start inside another.
            await Task.Yield();
            for (var i = Interlocked.Increment(ref next); i < users.Count; i = Interlocked.Increment(ref next))
                results[i] = await work(users[i]);
        }));
        // Leave the socket's thread before the caller goes on with slow work.
        await Task.Yield();
        return results;
    }
}
