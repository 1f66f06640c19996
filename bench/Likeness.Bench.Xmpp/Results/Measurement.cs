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
}
