using System.Runtime.InteropServices;

namespace Likeness.Imaging.Tests.Support;

/// <summary>Signals to processes that tests started (kill(2)).</summary>
internal static partial class Signals
{
    private const int Stopped = 19;

    public static void Send(int process, int signal) => kill(process, signal).ShouldBe(0);

    /// <summary>Stops it and waits until the kernel says so.</summary>
    public static async Task Stop(int process)
    {
        Send(process, Stopped);
        while (!(await File.ReadAllTextAsync($"/proc/{process}/stat")).Contains(") T ", StringComparison.Ordinal))
        {
            await Task.Yield();
        }
    }

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);
}
