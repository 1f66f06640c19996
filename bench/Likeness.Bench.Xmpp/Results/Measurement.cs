using System.Globalization;
using System.Text;

namespace Likeness.Bench.Xmpp.Results;

/// <summary>What one run of one scenario gave, in the scenario's unit.</summary>
sealed record Measurement(double Value)
{
    public double? ServerCpuMicroseconds { get; init; }

    public double? ServerCores { get; init; }

    public double? DriverCores { get; init; }

    public double? ServerMegabytes { get; init; }

    public double? MedianMilliseconds { get; init; }

    public double? NinetyNinthMilliseconds { get; init; }

    /// <summary>All of it in one line, as far as it was measured.</summary>
    public string Line(string unit)
    {
        var line = new StringBuilder();
        line.Append(CultureInfo.InvariantCulture, $"{Value,10:#,0.0} {unit,-12}");
        if (MedianMilliseconds is not null)
            line.Append(CultureInfo.InvariantCulture, $"  p50 {MedianMilliseconds:0.##} ms, p99 {NinetyNinthMilliseconds:0.##} ms");
        if (ServerCpuMicroseconds is not null)
            line.Append(CultureInfo.InvariantCulture, $"  {ServerCpuMicroseconds:0.#} µs/op, cores {ServerCores:0.00} + {DriverCores:0.00}");
        return line.Append(CultureInfo.InvariantCulture, $"  {ServerMegabytes:0} MB").ToString();
    }
}
