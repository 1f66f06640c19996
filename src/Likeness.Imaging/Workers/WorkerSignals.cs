using System.Runtime.InteropServices;

namespace Likeness.Imaging.Workers;

/// <summary>Writing beyond the file limit becomes an error instead of a death: liborc tries a file for its machine code first and falls back to plain memory.</summary>
internal static partial class WorkerSignals
{
    private const int FileSizeExceeded = 25;
    private const nint Ignored = 1;

    public static void IgnoreFileLimit()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = signal(FileSizeExceeded, Ignored);
        }
    }

    [LibraryImport("libc")]
    private static partial nint signal(int number, nint handler);
}
