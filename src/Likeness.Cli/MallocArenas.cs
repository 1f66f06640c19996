using System.Runtime.InteropServices;

namespace Likeness.Cli;

/// <summary>
/// Two arenas for malloc in place of eight per processor (mallopt(3)): what OpenSSL frees for one session is there for the next.
/// Said by the program, so that it holds however the program is started.
/// </summary>
internal static partial class MallocArenas
{
    // M_ARENA_MAX of glibc's malloc.h.
    private const int ArenaMax = -8;
    private const int Arenas = 2;

    /// <summary>To be called before there are threads; leaves what MALLOC_ARENA_MAX says, and does nothing where the C library is another one.</summary>
    public static void Limit()
    {
        if (Environment.GetEnvironmentVariable("MALLOC_ARENA_MAX") is not null)
        {
            return;
        }

        try
        {
            _ = SetAllocator(ArenaMax, Arenas);
        }
        catch (EntryPointNotFoundException)
        {
            // musl has no arenas.
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetAllocator(int parameter, int value);
}
