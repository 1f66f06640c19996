using Likeness.Bench.Xmpp.Wire;

namespace Likeness.Bench.Xmpp.Scenarios;

/// <summary>Counts what arrives until nothing more does: the server has come to rest.</summary>
sealed class Quiet(Load load) : IStanzaHandler
{
    static readonly TimeSpan limit = TimeSpan.FromSeconds(60);
    static readonly TimeSpan look = TimeSpan.FromMilliseconds(500);
    long arrived;

    public void Arrived(XmppConnection connection, ReadOnlySpan<byte> stanza) => Interlocked.Increment(ref arrived);

    public void Lost(XmppConnection connection, string reason) => load.Fail(reason);

    /// <summary>Waits until two looks in a row see nothing new.</summary>
    public static async Task Wait(Func<long> arrived)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        for (var (seen, calm) = (-1L, 0); calm < 2;)
        {
            if (clock.Elapsed > limit)
                throw new ScenarioFailedException($"no rest within {limit.TotalSeconds} s after the users went online");
            await Task.Delay(look);
            calm = arrived() == seen ? calm + 1 : 0;
            seen = arrived();
        }
    }

    public Task Wait() => Wait(() => Interlocked.Read(ref arrived));
}
