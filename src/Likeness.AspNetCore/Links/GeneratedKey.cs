using System.Security.Cryptography;

namespace Likeness.AspNetCore.Links;

/// <summary>The key of a site that was given none: made once, kept in a file that only its owner reads.</summary>
internal static class GeneratedKey
{
    private const int Bytes = 32;

    public static string UsualFile(string application)
    {
        var folder = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return folder.Length > 0
            ? Path.Combine(folder, "Likeness", application + ".key")
            : throw new InvalidOperationException("There is no folder for the avatars' key: set AvatarSiteOptions.Keys or KeyFile.");
    }

    /// <summary>Reads the file, or makes it. Throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> when neither works, <see cref="InvalidOperationException"/> when the file holds no key.</summary>
    public static string In(string file)
    {
        if (!File.Exists(file))
        {
            Make(file);
        }

        var key = File.ReadAllText(file).Trim();
        return key.Length >= AvatarSiteOptions.MinKeyLength
            ? key
            : throw new InvalidOperationException($"{file} holds no key for avatars. Delete it and a new one is made; pages in caches then show broken pictures for a while.");
    }

    private static void Make(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        var draft = $"{file}.{Guid.NewGuid():N}.new";
        var how = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            how.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var writer = new StreamWriter(draft, how))
        {
            writer.WriteLine(Convert.ToBase64String(RandomNumberGenerator.GetBytes(Bytes)));
        }

        try
        {
            File.Move(draft, file, overwrite: false);
        }
        catch (IOException) when (File.Exists(file))
        {
            // Another process of the site was first: its key counts.
            File.Delete(draft);
        }
    }
}
