using System.Diagnostics;
using Likeness.Bench.Xmpp.Servers;

namespace Likeness.Bench.Xmpp.Scenarios;

/// <summary>The moment when a server has come to rest: nothing new arrives and it computes nothing.</summary>
static class Quiet
{
    const int looksInARow = 2;
    const double idleShare = 0.1;
    static readonly TimeSpan limit = TimeSpan.FromSeconds(90);
    static readonly TimeSpan look = TimeSpan.FromMilliseconds(500);

    public static async Task Wait(RunningServer server, Func<long> arrived)
    {
        var clock = Stopwatch.StartNew();
        var (seen, cpu, calm) = (arrived(), server.Usage.CpuSeconds, 0);
        while (calm < looksInARow)
        {
            if (clock.Elapsed > limit)
                throw new ScenarioFailedException($"no rest within {limit.TotalSeconds} s after the users went online");
            await Task.Delay(look);
            var (seenNow, cpuNow) = (arrived(), server.Usage.CpuSeconds);
            var still = seenNow == seen && cpuNow - cpu < idleShare * look.TotalSeconds;
            (seen, cpu, calm) = (seenNow, cpuNow, still ? calm + 1 : 0);
        }
    }
}
