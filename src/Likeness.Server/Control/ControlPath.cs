using System.Security.Cryptography;
using System.Text;
using Likeness.Server.Options;

namespace Likeness.Server.Control;

/// <summary>Where the control socket of a data directory is. Passwords go through it, so a directory that somebody else made is never used.</summary>
internal static class ControlPath
{
    private const int MaxBytes = 100;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>
    /// <c>control.sock</c> in the data directory. Where that path is too long for a socket: in a private directory, named by a hash of
    /// the path, under <c>$XDG_RUNTIME_DIR</c> or else the temporary directory. A server takes the first; a command looks in each, for
    /// it may have been started with other variables than the server.
    /// </summary>
    public static IReadOnlyList<string> Candidates(string dataDirectory)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(dataDirectory));
        var path = Path.Combine(full, "control.sock");
        if (Encoding.UTF8.GetByteCount(path) <= MaxBytes)
        {
            return [path];
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(full)))[..24];
        string?[] parents = [Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR"), Path.GetTempPath()];
        return [.. parents.Where(Directory.Exists).Select(parent => Path.Combine(parent!, "likeness-" + hash, "control.sock")).Where(candidate => Encoding.UTF8.GetByteCount(candidate) <= MaxBytes)];
    }

    /// <summary>Throws <see cref="OperationRefusedException"/> unless the socket's directory is the data directory, or belongs to the same user and is closed to all others.</summary>
    public static void Check(string path, string dataDirectory)
    {
        var directory = Path.GetDirectoryName(path)!;
        if (directory == Path.TrimEndingDirectorySeparator(Path.GetFullPath(dataDirectory)))
        {
            return;
        }

        if (new DirectoryInfo(directory) is not { Exists: true, LinkTarget: null } || File.GetUnixFileMode(directory) != OwnerOnly || FileOwner.Of(directory, followLinks: false)?.Id != FileOwner.Of(dataDirectory)?.Id)
        {
            throw new OperationRefusedException($"{directory} was not made by the server on this data directory (another owner, or open to others): remove it, or choose a data directory with a shorter path.");
        }
    }
}
