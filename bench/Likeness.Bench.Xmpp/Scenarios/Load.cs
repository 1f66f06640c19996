using System.Diagnostics;
using Likeness.Bench.Xmpp.Results;
using Likeness.Bench.Xmpp.Wire;

namespace Likeness.Bench.Xmpp.Scenarios;

/// <summary>What the handlers of one scenario share: how much was done, how long it took, what went wrong first.</summary>
sealed class Load
{
    static readonly TimeSpan stallLimit = TimeSpan.FromSeconds(15);
    static readonly TimeSpan look = TimeSpan.FromMilliseconds(250);

    readonly List<long> latencies = [];
    long done;
    string? failure;

    /// <summary>The measured window is open; before it everything is warm-up.</summary>
    public bool Measuring { get; private set; }

    /// <summary>The scenario is over: start nothing new.</summary>
    public bool Over { get; private set; }

    public long Done => Interlocked.Read(ref done);

    public void Count(long more = 1) => Interlocked.Add(ref done, more);

    public void Took(long startedAt)
    {
        if (!Measuring)
            return;
        lock (latencies)
            latencies.Add(Stopwatch.GetTimestamp() - startedAt);
    }

    /// <summary>The first failure is the one that is told.</summary>
    public void Fail(string reason)
    {
        if (!Over)
            Interlocked.CompareExchange(ref failure, reason, null);
    }

    public void Fail(string reason, ReadOnlySpan<byte> stanza) => Fail($"{reason}: {Stanza.Text(stanza)}");

    /// <summary>Nothing new begins, whatever became of the measurement.</summary>
    public void End() => Over = true;

    /// <summary>Warms up, then measures.</summary>
    /// <param name="outstanding">How much was begun and is not finished; what stays so after the end was lost.</param>
    public async Task<Measurement> Measure(Stage stage, Func<int>? outstanding = null)
    {
        await Watch(stage.WarmUp);
        using var driver = Process.GetCurrentProcess();
        var (from, clock) = (Done, Stopwatch.StartNew());
        var (serverCpu, driverCpu) = (stage.Server.Usage.CpuSeconds, driver.TotalProcessorTime);
        Measuring = true;
        await Watch(stage.Length);
        Measuring = false;
        var (count, seconds) = (Done - from, clock.Elapsed.TotalSeconds);
        var usage = stage.Server.Usage;
        driver.Refresh();
        Over = true;
        if (outstanding is not null)
            await Drain(outstanding);
        return new Measurement(count / seconds)
        {
            ServerCpuMicroseconds = (usage.CpuSeconds - serverCpu) * 1e6 / count,
            ServerCores = (usage.CpuSeconds - serverCpu) / seconds,
            DriverCores = (driver.TotalProcessorTime - driverCpu).TotalSeconds / seconds,
            ServerMegabytes = usage.ResidentKilobytes / 1024.0,
            MedianMilliseconds = Percentile(0.5),
            NinetyNinthMilliseconds = Percentile(0.99),
        };
    }

    async Task Watch(TimeSpan length)
    {
        var clock = Stopwatch.StartNew();
        var (seen, seenAt) = (Done, clock.Elapsed);
        // A window in which nothing happened says nothing yet: wait for a sign of life or the limit.
        while (clock.Elapsed < length || Done == seen)
        {
            var rest = length - clock.Elapsed;
            await Task.Delay(rest > TimeSpan.Zero && rest < look ? rest : look);
            Check();
            if (Done != seen)
            {
                if (clock.Elapsed >= length)
                    return;
                (seen, seenAt) = (Done, clock.Elapsed);
            }
            else if (clock.Elapsed - seenAt > stallLimit)
                throw new ScenarioFailedException($"nothing moved for {stallLimit.TotalSeconds} s after {seen} operations");
        }
    }

    static async Task Drain(Func<int> outstanding)
    {
        for (var clock = Stopwatch.StartNew(); outstanding() > 0; await Task.Delay(look))
        {
            if (clock.Elapsed > stallLimit)
                throw new ScenarioFailedException($"lost on the way: {outstanding()} that the server accepted");
        }
    }

    /// <summary>Throws what went wrong, if something did.</summary>
    public void Check()
    {
        if (failure is not null)
            throw new ScenarioFailedException(failure);
    }

    double? Percentile(double share)
    {
        lock (latencies)
        {
            if (latencies.Count == 0)
                return null;
            latencies.Sort();
            return latencies[(int)((latencies.Count - 1) * share)] * 1000.0 / Stopwatch.Frequency;
        }
    }
}
