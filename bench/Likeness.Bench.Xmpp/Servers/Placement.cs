using System.Diagnostics;
using System.Globalization;

namespace Likeness.Bench.Xmpp.Servers;

/// <summary>Which processors servers and driver have. Together: all, for both. Apart: the driver has the last one and the servers the others, so that what the driver costs is not part of the figure.</summary>
static class Placement
{
    /// <summary>What stands in front of a server's command.</summary>
    public static string Prefix { get; private set; } = "";

    /// <summary>From here on the driver keeps to the last processor, and servers to the others.</summary>
    public static void Apart()
    {
        var last = Environment.ProcessorCount - 1;
        if (last < 1 || !OperatingSystem.IsLinux())
            throw new FormatException("--apart needs Linux and two processors");
        using var driver = Process.GetCurrentProcess();
        driver.ProcessorAffinity = (nint)(1L << last);
        Prefix = string.Create(CultureInfo.InvariantCulture, $"taskset -c 0-{last - 1} ");
    }
}
