using System.Reflection;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace Likeness.Storage.Sqlite;

/// <summary>Chooses the SQLite library: the system's, which gets its security fixes, else the bundled one.</summary>
internal static class NativeSqlite
{
    private const int OldestUsable = 3_035_000; // RETURNING
    private static readonly Lazy<bool> Loaded = new(Load);

    public static void EnsureLoaded() => _ = Loaded.Value;

    private static bool Load()
    {
        NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, Resolve);
        raw.SetProvider(new SQLite3Provider_e_sqlite3());
        return true;
    }

    private static unsafe nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != "e_sqlite3" || !NativeLibrary.TryLoad("libsqlite3.so.0", out var library))
        {
            return 0;
        }

        return NativeLibrary.TryGetExport(library, "sqlite3_libversion_number", out var version)
            && ((delegate* unmanaged[Cdecl]<int>)version)() >= OldestUsable
            ? library
            : 0;
    }
}
