using System.Globalization;
using System.Runtime.InteropServices;
using Likeness.Storage;
using Microsoft.Win32.SafeHandles;

namespace Likeness.Server.Options;

/// <summary>Users of the operating system and what belongs to them; where the system is not Linux nothing is known and nothing is changed.</summary>
internal static partial class FileOwner
{
    private const int NoFollow = 0x100;
    private const string Service = "likeness";

    /// <summary>What this program makes in a data directory outside <c>renditions</c>.</summary>
    private static readonly string[] Kept =
        ["likeness.db", "likeness.db-wal", "likeness.db-shm", "likeness.db.messages", "likeness.db.messages-wal", "likeness.db.messages-shm", "likeness.lock", "database", "secret", "self-signed.pem", "self-signed.key", OptionFile.Name, Database.BackupFolder, "uploads"];

    public static uint Current => OperatingSystem.IsLinux() ? geteuid() : 0;

    /// <summary>Null: not known.</summary>
    public static FileUser? Of(string path, bool followLinks = true)
    {
        const int CurrentDirectory = -100, UidAndGid = 0x18, UidOffset = 20, GidOffset = 24, StatxBytes = 256;
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        var buffer = new byte[StatxBytes];
        return statx(CurrentDirectory, path, followLinks ? 0 : NoFollow, UidAndGid, buffer) == 0
            ? new FileUser(BitConverter.ToUInt32(buffer, UidOffset), BitConverter.ToUInt32(buffer, GidOffset))
            : throw new IOException($"Who owns {path} cannot be found out (error {Marshal.GetLastPInvokeError()}).");
    }

    /// <summary>The user that packages make for the service; null: none of them was installed.</summary>
    public static FileUser? OfTheService(string users = "/etc/passwd") =>
        File.Exists(users) && File.ReadLines(users).Select(line => line.Split(':')).FirstOrDefault(parts => parts.Length > 3 && parts[0] == Service) is { } entry
            && uint.TryParse(entry[2], out var user) && uint.TryParse(entry[3], out var group)
            ? new FileUser(user, group)
            : null;

    /// <summary>Why this user can make no files in a folder, with what to do; null: it can.</summary>
    public static string? WhyNotWritable(string folder)
    {
        const int WriteAndSearch = 2 | 1, ReadOnlyFileSystem = 30;
        if (!OperatingSystem.IsLinux() || access(folder, WriteAndSearch) == 0)
        {
            return null;
        }

        return Marshal.GetLastPInvokeError() == ReadOnlyFileSystem
            ? $"'{folder}' is on a file system that is read-only"
            : string.Create(CultureInfo.InvariantCulture, $"'{folder}' may not be written by this user (chown -R {geteuid()} {folder} gives it to it)");
    }

    /// <summary>For a file or folder of ours; one that was put in its place by somebody else, a link for example, is left alone.</summary>
    public static void Give(string path, FileUser to)
    {
        // O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC: what is opened is what is given, whatever the name stands for later.
        const int Flags = 0x800 | 0x80000, NoFollowX64 = 0x20000, NoFollowArm64 = 0x8000;
        var noFollow = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? NoFollowArm64 : NoFollowX64;
        using var file = open(path, Flags | noFollow);
        if (!file.IsInvalid && IsOurs(file) && fchown(file, to.Id, to.Group) != 0)
        {
            throw new IOException($"{path} cannot be given to the user {to.Id} (error {Marshal.GetLastPInvokeError()}).");
        }
    }

    /// <summary>
    /// Root opened somebody else's data directory: what was made in it goes to the directory's owner, whose service could not
    /// read its own database otherwise.
    /// </summary>
    public static void LeaveToOwner(string dataDirectory)
    {
        if (Current != 0 || Of(dataDirectory) is not { Id: not 0 } owner)
        {
            return;
        }

        foreach (var path in Kept.Select(name => Path.Combine(dataDirectory, name)))
        {
            Give(path, owner);
            if (Directory.Exists(path))
            {
                foreach (var inside in Directory.EnumerateFileSystemEntries(path, "*", SearchOption.AllDirectories))
                {
                    Give(inside, owner);
                }
            }
        }
    }

    /// <summary>Device and inode of an open file, as <c>$JOURNAL_STREAM</c> is written (systemd.exec(5)); null: not known.</summary>
    public static string? StreamName(int file)
    {
        const int EmptyPath = 0x1000, Inode = 0x100, InodeOffset = 32, MajorOffset = 136, MinorOffset = 140, StatxBytes = 256;
        var buffer = new byte[StatxBytes];
        if (!OperatingSystem.IsLinux() || statx(file, "", EmptyPath, Inode, buffer) != 0)
        {
            return null;
        }

        var (major, minor) = ((ulong)BitConverter.ToUInt32(buffer, MajorOffset), (ulong)BitConverter.ToUInt32(buffer, MinorOffset));
        var device = ((major & 0xFFFFF000) << 32) | ((major & 0xFFF) << 8) | ((minor & 0xFFFFFF00) << 12) | (minor & 0xFF);
        return string.Create(CultureInfo.InvariantCulture, $"{device}:{BitConverter.ToUInt64(buffer, InodeOffset)}");
    }

    /// <summary>Made by the user we are, and under no other name elsewhere.</summary>
    private static bool IsOurs(SafeFileHandle file)
    {
        const int EmptyPath = 0x1000, ModeLinksAndUid = 0x2 | 0x4 | 0x8, LinksOffset = 16, UidOffset = 20, ModeOffset = 28, StatxBytes = 256;
        const int KindMask = 0xF000, Folder = 0x4000, Regular = 0x8000;
        var buffer = new byte[StatxBytes];
        if (statx(file.DangerousGetHandle().ToInt32(), "", EmptyPath, ModeLinksAndUid, buffer) != 0 || BitConverter.ToUInt32(buffer, UidOffset) != Current)
        {
            return false;
        }

        var kind = BitConverter.ToUInt16(buffer, ModeOffset) & KindMask;
        return kind == Folder || (kind == Regular && BitConverter.ToUInt32(buffer, LinksOffset) == 1);
    }

    [LibraryImport("libc")]
    private static partial uint geteuid();

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int access(string path, int mode);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fchown(SafeFileHandle file, uint user, uint group);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int directory, string path, int flags, uint mask, [Out] byte[] buffer);
}

/// <summary>A user and the group that goes with it, by number.</summary>
internal sealed record FileUser(uint Id, uint Group);
