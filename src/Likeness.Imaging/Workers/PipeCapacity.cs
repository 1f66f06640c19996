using System.IO.Pipes;
using System.Runtime.InteropServices;

namespace Likeness.Imaging.Workers;

/// <summary>Lets a whole picture into the pipe at once, so that neither side is woken for every 64 KiB of it.</summary>
internal static partial class PipeCapacity
{
    private const int SetPipeSize = 1031;
    private const int Bytes = 1024 * 1024;

    public static void Raise(Stream stream)
    {
        // Best effort: an operator may have set a lower limit, and then the pipe stays as it is.
        if (OperatingSystem.IsLinux() && stream is PipeStream pipe)
        {
            _ = fcntl(pipe.SafePipeHandle, SetPipeSize, Bytes);
        }
    }

    [LibraryImport("libc")]
    private static partial int fcntl(SafeHandle file, int command, int argument);
}
