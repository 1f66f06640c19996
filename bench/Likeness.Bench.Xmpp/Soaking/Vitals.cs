using System.Diagnostics;
using System.Globalization;
using Likeness.Bench.Xmpp.Servers;

namespace Likeness.Bench.Xmpp.Soaking;

/// <summary>What was done since the last look, and how the server fares.</summary>
sealed class Vitals(RunningServer server)
{
    readonly Lock gate = new();
    List<long> latencies = [];
    double cpu = server.Usage.CpuSeconds;
    long taken = Stopwatch.GetTimestamp();
    long sent;
    long arrived;
    int acts;

    /// <summary>Messages from one person to another.</summary>
    public long Sent => Interlocked.Read(ref sent);

    public long Arrived => Interlocked.Read(ref arrived);

    public void MessageSent() => Interlocked.Increment(ref sent);

    public void MessageArrived(long sentAt)
    {
        Interlocked.Increment(ref arrived);
        Took(sentAt);
    }

    public void Took(long since)
    {
        lock (gate)
            latencies.Add(Stopwatch.GetTimestamp() - since);
    }

    /// <summary>Something else was done: a login, an entrance, a picture, a page.</summary>
    public void Did() => Interlocked.Increment(ref acts);

    public Sample Take(TimeSpan at)
    {
        List<long> all;
        lock (gate)
            (all, latencies) = (latencies, []);
        all.Sort();
        var usage = server.Usage;
        var seconds = Stopwatch.GetElapsedTime(taken).TotalSeconds;
        var sample = new Sample(
            at, all.Count / seconds, Interlocked.Exchange(ref acts, 0) / seconds, Percentile(all, 0.5), Percentile(all, 0.99), Percentile(all, 1),
            usage.ResidentKilobytes / 1024.0, server.Handles, (usage.CpuSeconds - cpu) / seconds);
        (cpu, taken) = (usage.CpuSeconds, Stopwatch.GetTimestamp());
        return sample;
    }

    static double Percentile(List<long> sorted, double share) =>
        sorted.Count == 0 ? double.PositiveInfinity : sorted[(int)((sorted.Count - 1) * share)] * 1000.0 / Stopwatch.Frequency;
}

/// <summary>One interval.</summary>
/// <param name="Deliveries">A second.</param>
/// <param name="Acts">A second.</param>
/// <param name="Median">Milliseconds.</param>
/// <param name="NinetyNinth">Milliseconds.</param>
/// <param name="Longest">Milliseconds.</param>
sealed record Sample(TimeSpan At, double Deliveries, double Acts, double Median, double NinetyNinth, double Longest, double Megabytes, int Handles, double Cores)
{
    public const string Header = "    time  deliveries/s  other/s   p50 ms   p99 ms   max ms  memory MB  handles  cores";

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{At:hh\\:mm\\:ss}  {Deliveries,12:F0} {Acts,8:F1} {Median,8:F2} {NinetyNinth,8:F2} {Longest,8:F1} {Megabytes,10:F1} {Handles,8} {Cores,6:F2}");
}

/// <summary>Is the end as the beginning was? The first quarter is warming up; of the rest the first third is compared with the last.</summary>
static class Verdict
{
    const double memory = 1.15;
    const double handles = 1.1;
    const double latency = 2;

    public static bool Of(IReadOnlyList<Sample> samples)
    {
        var warm = samples.Skip(samples.Count / 4).ToList();
        var (first, last) = (warm.Take(warm.Count / 3).ToList(), warm.TakeLast(warm.Count / 3).ToList());
        return Says("memory", sample => sample.Megabytes, memory) & Says("handles", sample => sample.Handles, handles) & Says("p99", sample => sample.NinetyNinth, latency);

        bool Says(string what, Func<Sample, double> of, double most)
        {
            var (before, after) = (Median(first.Select(of)), Median(last.Select(of)));
            var isFlat = after <= before * most;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {before:F1} -> {after:F1}, {(isFlat ? "flat" : $"grows by more than {most - 1:P0}")}"));
            return isFlat;
        }
    }

    static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
