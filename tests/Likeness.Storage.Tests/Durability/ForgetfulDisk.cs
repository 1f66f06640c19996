using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Likeness.Storage.Tests.Durability;

/// <summary>
/// What a disk would hold after a power cut: everything that was synchronised, and of later writes whatever chance left. It
/// stands between SQLite and the system (a VFS that passes everything on) and takes note of writes and synchronisations of
/// the files in one directory. Files that were made or deleted count as kept so: entries of directories are not looked at.
/// </summary>
internal sealed unsafe class ForgetfulDisk : IDisposable
{
    private const int Sector = 512;
    private static readonly ConcurrentDictionary<string, ForgetfulDisk> Watched = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly Dictionary<string, KeptFile> _files = new(StringComparer.Ordinal);
    private readonly string _directory;

    public ForgetfulDisk(string directory)
    {
        Vfs.EnsureInstalled();
        _directory = Path.GetFullPath(directory);
        Watched[_directory] = this;
    }

    public static ForgetfulDisk? Of(string path) => Watched.GetValueOrDefault(Path.GetDirectoryName(path) ?? "");

    /// <summary>How often a file was synchronised.</summary>
    public int Syncs { get; private set; }

    /// <summary>Writes into the directory what would be found after the power went at this moment.</summary>
    public void CutInto(string directory, Random chance)
    {
        lock (_lock)
        {
            foreach (var (name, file) in _files.Where(file => !file.Key.EndsWith("-shm", StringComparison.Ordinal)))
            {
                File.WriteAllBytes(Path.Combine(directory, name), file.AfterACut(chance));
            }
        }
    }

    public void Dispose() => Watched.TryRemove(_directory, out _);

    private void Note(string path, Change change)
    {
        lock (_lock)
        {
            FileOf(path).Pending.Add(change);
        }
    }

    private void Synchronised(string path)
    {
        lock (_lock)
        {
            Syncs++;
            FileOf(path).Keep();
        }
    }

    private void Deleted(string path)
    {
        lock (_lock)
        {
            _files.Remove(Path.GetFileName(path));
        }
    }

    private KeptFile FileOf(string path) =>
        _files.TryGetValue(Path.GetFileName(path), out var file) ? file : _files[Path.GetFileName(path)] = new KeptFile();

    /// <param name="Bytes">Null: cut off here.</param>
    private sealed record Change(long Offset, byte[]? Bytes);

#pragma warning disable CA1001 // A stream in memory holds nothing to be given back.
    private sealed class KeptFile
#pragma warning restore CA1001
    {
        private readonly MemoryStream _kept = new();

        public List<Change> Pending { get; } = [];

        public void Keep()
        {
            Pending.ForEach(change => Apply(_kept, change));
            Pending.Clear();
        }

        /// <summary>Later writes in any selection, each whole, not at all, or up to some sector.</summary>
        public byte[] AfterACut(Random chance)
        {
            using var left = new MemoryStream();
            _kept.WriteTo(left);
            foreach (var change in Pending)
            {
                switch (chance.Next(3))
                {
                    case 0:
                        break;
                    case 1 when change.Bytes is { } written:
                        Apply(left, change with { Bytes = written[..(chance.Next((written.Length / Sector) + 1) * Sector)] });
                        break;
                    default:
                        Apply(left, change);
                        break;
                }
            }

            return left.ToArray();
        }

        private static void Apply(MemoryStream file, Change change)
        {
            if (change.Bytes is not { } written)
            {
                file.SetLength(Math.Min(file.Length, change.Offset));
                return;
            }

            file.Position = change.Offset;
            file.Write(written);
        }
    }

    /// <summary>The system's VFS with some functions of its files replaced. The places are those of <c>sqlite3.h</c>, counted in pointers.</summary>
    private static class Vfs
    {
        private const int VfsPointers = 21;
        private const int MethodsPointers = 19;
        private const int NextAt = 2;
        private const int NameAt = 3;
        private const int OpenAt = 5;
        private const int DeleteAt = 6;
        private const int CloseAt = 1;
        private const int WriteAt = 3;
        private const int TruncateAt = 4;
        private const int SyncAt = 5;
        private static readonly Lazy<bool> Installed = new(Install);
        private static readonly ConcurrentDictionary<nint, string> Paths = new();
        private static readonly ConcurrentDictionary<nint, nint> Tables = new();
        private static nint* _system;

        public static void EnsureInstalled() => _ = Installed.Value;

        private static bool Install()
        {
            SQLitePCL.Batteries_V2.Init();
            _system = (nint*)sqlite3_vfs_find(0);
            var own = (nint*)NativeMemory.Alloc(VfsPointers * (nuint)sizeof(nint));
            Buffer.MemoryCopy(_system, own, VfsPointers * sizeof(nint), VfsPointers * sizeof(nint));
            own[NextAt] = 0;
            own[NameAt] = Marshal.StringToCoTaskMemUTF8("forgetful");
            own[OpenAt] = (nint)(delegate* unmanaged[Cdecl]<nint, nint, nint*, int, int*, int>)&Open;
            own[DeleteAt] = (nint)(delegate* unmanaged[Cdecl]<nint, nint, int, int>)&Delete;
            return sqlite3_vfs_register((nint)own, 1) == 0;
        }

        [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
        private static int Open(nint vfs, nint name, nint* file, int flags, int* given)
        {
            var result = ((delegate* unmanaged[Cdecl]<nint, nint, nint*, int, int*, int>)_system[OpenAt])((nint)_system, name, file, flags, given);
            var path = Marshal.PtrToStringUTF8(name);
            if (result == 0 && path is not null && Of(path) is not null)
            {
                Paths[(nint)file] = path;
                *file = Tables.GetOrAdd(*file, Replaced);
            }

            return result;
        }

        [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
        private static int Delete(nint vfs, nint name, int synchronise)
        {
            if (Marshal.PtrToStringUTF8(name) is { } path)
            {
                Of(path)?.Deleted(path);
            }

            return ((delegate* unmanaged[Cdecl]<nint, nint, int, int>)_system[DeleteAt])((nint)_system, name, synchronise);
        }

        // The table it was made from stands behind it.
        private static nint Replaced(nint methods)
        {
            var own = (nint*)NativeMemory.Alloc((MethodsPointers + 1) * (nuint)sizeof(nint));
            Buffer.MemoryCopy((void*)methods, own, MethodsPointers * sizeof(nint), MethodsPointers * sizeof(nint));
            own[CloseAt] = (nint)(delegate* unmanaged[Cdecl]<nint*, int>)&Close;
            own[WriteAt] = (nint)(delegate* unmanaged[Cdecl]<nint*, byte*, int, long, int>)&Write;
            own[TruncateAt] = (nint)(delegate* unmanaged[Cdecl]<nint*, long, int>)&Truncate;
            own[SyncAt] = (nint)(delegate* unmanaged[Cdecl]<nint*, int, int>)&Sync;
            own[MethodsPointers] = methods;
            return (nint)own;
        }

        private static nint* SystemOf(nint* file) => (nint*)((nint*)*file)[MethodsPointers];

        [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
        private static int Close(nint* file)
        {
            Paths.TryRemove((nint)file, out _);
            return ((delegate* unmanaged[Cdecl]<nint*, int>)SystemOf(file)[CloseAt])(file);
        }

        [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
        private static int Write(nint* file, byte* bytes, int length, long offset)
        {
            var path = Paths[(nint)file];
            Of(path)?.Note(path, new Change(offset, new ReadOnlySpan<byte>(bytes, length).ToArray()));
            return ((delegate* unmanaged[Cdecl]<nint*, byte*, int, long, int>)SystemOf(file)[WriteAt])(file, bytes, length, offset);
        }

        [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
        private static int Truncate(nint* file, long size)
        {
            var path = Paths[(nint)file];
            Of(path)?.Note(path, new Change(size, null));
            return ((delegate* unmanaged[Cdecl]<nint*, long, int>)SystemOf(file)[TruncateAt])(file, size);
        }

        // Noted when the system has done it: what is not kept for certain may be lost.
        [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
        private static int Sync(nint* file, int flags)
        {
            var path = Paths[(nint)file];
            var result = ((delegate* unmanaged[Cdecl]<nint*, int, int>)SystemOf(file)[SyncAt])(file, flags);
            if (result == 0)
            {
                Of(path)?.Synchronised(path);
            }

            return result;
        }

        [DllImport("e_sqlite3", CallingConvention = CallingConvention.Cdecl)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory)]
        private static extern nint sqlite3_vfs_find(nint name);

        [DllImport("e_sqlite3", CallingConvention = CallingConvention.Cdecl)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory)]
        private static extern int sqlite3_vfs_register(nint vfs, int makeDefault);
    }
}
