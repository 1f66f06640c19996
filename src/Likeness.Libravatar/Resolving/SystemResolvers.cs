using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;

namespace Likeness.Libravatar.Resolving;

/// <summary>The resolvers that the operating system uses.</summary>
internal static class SystemResolvers
{
    private const string ConfigurationFile = "/etc/resolv.conf";
    private const int DnsPort = 53;

    // As in glibc (resolv.conf(5)): MAXNS, RES_MAXRETRY and RES_MAXRETRANS.
    private const int MaxServers = 3;
    private const int MaxAttempts = 5;
    private const int MaxSeconds = 30;

    public static DnsResolverOptions Read(DnsResolverOptions options)
    {
        try
        {
            if (File.Exists(ConfigurationFile))
            {
                return Parse(File.ReadLines(ConfigurationFile), options);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // As if it were not there.
        }

        return options with { Servers = OfInterfaces() };
    }

    /// <summary>The lines of resolv.conf(5); search lists do not matter to absolute names, and without a server it is the machine itself.</summary>
    public static DnsResolverOptions Parse(IEnumerable<string> lines, DnsResolverOptions options)
    {
        var servers = new List<string>();
        foreach (var line in lines.Where(line => !line.StartsWith('#') && !line.StartsWith(';')))
        {
            var words = line.Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (words is ["nameserver", var address, ..] && servers.Count < MaxServers && IPAddress.TryParse(address, out var parsed))
            {
                servers.Add(Text(parsed));
            }
            else if (words is ["options", .. var switches])
            {
                options = switches.Aggregate(options, Switch);
            }
        }

        return options with { Servers = servers.Count > 0 ? servers : [Text(IPAddress.Loopback)] };
    }

    private static DnsResolverOptions Switch(DnsResolverOptions options, string text) => text.Split(':', 2) switch
    {
        ["rotate"] => options with { Rotate = true },
        ["attempts", var number] when Number(number) is { } attempts => options with { Attempts = Math.Min(attempts, MaxAttempts) },
        ["timeout", var number] when Number(number) is { } seconds => options with { Deadline = Least(options.Deadline, TimeSpan.FromSeconds(Math.Min(seconds, MaxSeconds))) },
        _ => options,
    };

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static string Text(IPAddress address) => new IPEndPoint(address, DnsPort).ToString();

    private static string[] OfInterfaces() =>
    [
        .. NetworkInterface.GetAllNetworkInterfaces()
            .Where(network => network.OperationalStatus == OperationalStatus.Up)
            .SelectMany(network => network.GetIPProperties().DnsAddresses)
            .Distinct()
            .Take(MaxServers)
            .Select(Text),
    ];
}
