namespace Likeness.Server.Options;

/// <summary>Where a server keeps what it knows.</summary>
public static class DataDirectory
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary><c>$LIKENESS_DATA</c>, else <c>$XDG_DATA_HOME/likeness</c>, else <c>~/.local/share/likeness</c>, else <c>./likeness-data</c>.</summary>
    public static string Default()
    {
        if (Environment.GetEnvironmentVariable("LIKENESS_DATA") is { Length: > 0 } said)
        {
            return Path.GetFullPath(said);
        }

        var shared = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        return shared.Length > 0 ? Path.Combine(shared, "likeness") : Path.GetFullPath("likeness-data");
    }

    /// <summary>Makes it, readable by its owner only, when it is not there; an existing one keeps its mode.</summary>
    public static void Create(string path) => Directory.CreateDirectory(path, OwnerOnly);
}
