using System.Security.Cryptography;

namespace Likeness.Server;

/// <summary>32 random bytes in the data directory, made at the first start: what is derived from them stays the same across restarts.</summary>
internal static class InstallationSecret
{
    private const int Length = 32;

    public static byte[] Ensure(string dataDirectory)
    {
        var path = Path.Combine(dataDirectory, "secret");
        if (File.Exists(path) && File.ReadAllBytes(path) is { Length: Length } kept)
        {
            return kept;
        }

        // A name of its own until it is whole: a start that was cut short leaves no half secret.
        var draft = path + ".draft";
        var secret = RandomNumberGenerator.GetBytes(Length);
        File.Delete(draft);
        using (var file = new FileStream(draft, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        {
            file.Write(secret);
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: true);
        return secret;
    }
}
