using System.Security.Cryptography;
using System.Text;

namespace Likeness.Server.Control;

/// <summary>Where the control socket of a data directory is.</summary>
internal static class ControlPath
{
    private const int MaxBytes = 100;

    /// <summary><c>control.sock</c> in the data directory; where that path is too long for a socket, in a private directory under the temporary one, named by a hash of the path.</summary>
    public static string Of(string dataDirectory)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(dataDirectory));
        var path = Path.Combine(full, "control.sock");
        if (Encoding.UTF8.GetByteCount(path) <= MaxBytes)
        {
            return path;
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(full)))[..24];
        return Path.Combine(Path.GetTempPath(), "likeness-" + hash, "control.sock");
    }
}
