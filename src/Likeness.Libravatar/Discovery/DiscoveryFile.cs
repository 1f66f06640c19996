using System.Globalization;
using System.Text;

namespace Likeness.Libravatar.Discovery;

/// <summary>The cache of servers between two runs: a line per service with its name, whether it says itself that there is none, two times in Unix seconds and bases, parted by tabs.</summary>
internal static class DiscoveryFile
{
    private const string FirstLine = "avatar servers 1";
    private const int LargestFile = 16 * 1024 * 1024;

    /// <summary>Nothing at all when the file is missing, too large or damaged.</summary>
    public static IReadOnlyList<(string Name, ServiceEntry Entry)> Read(string file, int capacity)
    {
        try
        {
            if (!File.Exists(file) || new FileInfo(file).Length > LargestFile)
            {
                return [];
            }

            var lines = File.ReadAllLines(file);
            return lines is [FirstLine, .. var rest] ? [.. rest.TakeLast(capacity).Select(Parse)] : [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException or ArgumentException)
        {
            return [];
        }
    }

    /// <summary>Whoever reads meanwhile sees the old file or the new one, whole.</summary>
    public static void Write(string file, IReadOnlyList<(string Name, ServiceEntry Entry)> entries)
    {
        var text = new StringBuilder(FirstLine).Append('\n');
        foreach (var (name, entry) in entries.Where(known => known.Entry.Status is not (DiscoveryStatus.Failed or DiscoveryStatus.Pending)))
        {
            text.Append(name).Append('\t').Append(entry.Status == DiscoveryStatus.Absent ? '1' : '0')
                .Append('\t').Append(Seconds(entry.Expires)).Append('\t').Append(Seconds(entry.UsableUntil))
                .Append('\t').AppendJoin(' ', entry.Bases).Append('\n');
        }

        AtomicFile.Write(file, Encoding.UTF8.GetBytes(text.ToString()));
    }

    private static (string Name, ServiceEntry Entry) Parse(string line)
    {
        var fields = line.Split('\t');
        if (fields is not [var name, "0" or "1", var expires, var usable, var bases] || ServiceName.DomainOf(name) is null)
        {
            throw new FormatException("This is no line of the cache.");
        }

        AvatarBase[] read = [.. bases.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(text => ReadBase(text, ServiceName.IsSecure(name)))];
        var status = read.Length > 0 ? DiscoveryStatus.Found : fields[1] == "1" ? DiscoveryStatus.Absent : DiscoveryStatus.None;
        return (name, new ServiceEntry(status, [.. read], Time(expires), Time(usable)));
    }

    private static AvatarBase ReadBase(string text, bool isSecure) =>
        AvatarBase.Parse(text) is var read && read.IsSecure == isSecure ? read : throw new FormatException("The scheme is not the service's.");

    private static string Seconds(DateTimeOffset time) => time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    private static DateTimeOffset Time(string text) =>
        DateTimeOffset.FromUnixTimeSeconds(long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
}
