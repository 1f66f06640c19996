using System.Globalization;
using System.Runtime.InteropServices;

namespace Likeness.Imaging.Tests.Hostile;

/// <summary>The most physical memory processes have had, in bytes, as the kernel counted it.</summary>
internal static unsafe partial class PeakMemory
{
    private const int OfEndedChildren = -1;
    private const int Longs = 18;
    private const int MaximumResident = 4;

    /// <summary>Since its start; 0 when it is gone.</summary>
    public static long Of(int process) => Read($"/proc/{process}/status");

    public static long OfThisProcess => Read("/proc/self/status");

    /// <summary>The largest of all children that ended, by themselves or not.</summary>
    public static long OfLargestEndedChild()
    {
        var usage = stackalloc long[Longs];
        return getrusage(OfEndedChildren, usage) == 0 ? usage[MaximumResident] * 1024 : throw new InvalidOperationException("getrusage");
    }

    /// <summary>Lets this process's peak begin anew (proc(5), clear_refs).</summary>
    public static void Restart()
    {
        GC.Collect();
        File.WriteAllText("/proc/self/clear_refs", "5");
    }

    private static long Read(string status)
    {
        try
        {
            var line = File.ReadLines(status).FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line.AsSpan(6, line.Length - 9), NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture) * 1024;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    [LibraryImport("libc")]
    private static partial int getrusage(int who, long* usage);
}
