using System.Globalization;
using System.Runtime.InteropServices;

namespace Likeness.Imaging.Workers;

/// <summary>What the operating system holds a worker to (prlimit(2)); nothing on systems other than Linux.</summary>
internal static unsafe partial class ProcessLimits
{
    private const int ProcessorSeconds = 0;
    private const int FileBytes = 1;
    private const int DataBytes = 2;
    private const int CoreBytes = 4;
    private const int OpenFiles = 7;
    private const int MaxOpenFiles = 128;

    /// <summary>Set once, before the worker has read a byte of a picture.</summary>
    /// <param name="processorTime">Of its whole life.</param>
    public static void Confine(int process, long memory, TimeSpan processorTime)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        // Private writable memory, not address space: .NET reserves address space by the hundred gigabytes.
        Limit(process, DataBytes, memory, hard: true);
        Limit(process, ProcessorSeconds, (long)Math.Ceiling(processorTime.TotalSeconds), hard: true);
        Limit(process, CoreBytes, 0, hard: true);
        Limit(process, FileBytes, 0, hard: true);
        Limit(process, OpenFiles, MaxOpenFiles, hard: true);
        DieFirst(process);
    }

    /// <summary>The processor time, counted from the process's start, at which it is killed.</summary>
    public static void LimitProcessorTime(int process, TimeSpan total)
    {
        if (OperatingSystem.IsLinux())
        {
            Limit(process, ProcessorSeconds, (long)Math.Ceiling(total.TotalSeconds), hard: false);
        }
    }

    private static void Limit(int process, int resource, long value, bool hard)
    {
        var limit = new ResourceLimit { Soft = (ulong)value, Hard = hard ? (ulong)value : ulong.MaxValue };
        if (!hard)
        {
            // The hard limit cannot be raised again, so it stays: that of its life, or an operator's lower one.
            ResourceLimit present;
            limit.Hard = prlimit(process, resource, null, &present) == 0 ? present.Hard : limit.Hard;
            limit.Soft = Math.Min(limit.Soft, limit.Hard);
        }

        if (prlimit(process, resource, &limit, null) != 0 && Marshal.GetLastPInvokeError() != NoSuchProcess)
        {
            throw new RenderUnavailableException($"A render worker cannot be limited: {Marshal.GetLastPInvokeErrorMessage()}.");
        }
    }

    /// <summary>When the machine runs out of memory, a worker goes before anything else.</summary>
    private static void DieFirst(int process)
    {
        try
        {
            File.WriteAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/oom_score_adj"), "1000");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It is gone already, or /proc is closed to us; the limits above hold all the same.
        }
    }

    private const int NoSuchProcess = 3;

    [LibraryImport("libc", SetLastError = true)]
    private static partial int prlimit(int process, int resource, ResourceLimit* next, ResourceLimit* before);

    [StructLayout(LayoutKind.Sequential)]
    private struct ResourceLimit
    {
        public ulong Soft;
        public ulong Hard;
    }
}
