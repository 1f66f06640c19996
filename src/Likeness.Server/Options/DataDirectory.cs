namespace Likeness.Server.Options;

/// <summary>Where a server keeps what it knows.</summary>
public static class DataDirectory
{
    /// <summary>The data of a packaged service.</summary>
    public const string OfTheService = "/var/lib/likeness";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode AllModes = (UnixFileMode)0x1FF;

    /// <summary><c>$LIKENESS_DATA</c>, else that of a packaged service for its user and for root, else <c>$XDG_DATA_HOME/likeness</c>, else <c>~/.local/share/likeness</c>; never below where one happens to stand.</summary>
    public static string Default()
    {
        if (Environment.GetEnvironmentVariable("LIKENESS_DATA") is { Length: > 0 } said)
        {
            return Path.GetFullPath(said);
        }

        if (BelongsToService(OfTheService, OptionFile.OfTheService, FileOwner.Current))
        {
            return OfTheService;
        }

        // Nobody has made ~/.local/share on a fresh account, and without DoNotVerify that is answered with nothing.
        var shared = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return Path.GetFullPath(Path.Combine("/", shared, "likeness"));
    }

    /// <summary>A package is installed, and this user is its service's or may do everything: commands mean the service then.</summary>
    internal static bool BelongsToService(string data, string settings, uint user) =>
        File.Exists(settings) && Directory.Exists(data) && (user == 0 || FileOwner.Of(data)?.Id == user);

    /// <summary>Makes it, readable by its owner only, when it is not there; an existing one keeps its mode. Throws <see cref="OptionsRefusedException"/> when it cannot be made or written.</summary>
    public static void Create(string path)
    {
        try
        {
            Directory.CreateDirectory(path, OwnerOnly);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Refused(File.Exists(path) ? $"'{path}' is a file; a folder is wanted" : $"'{path}' cannot be made: {exception.Message}");
        }

        if (FileOwner.WhyNotWritable(path) is { } problem)
        {
            throw Refused(problem);
        }
    }

    /// <summary>What to say about a directory that others on this machine can read or write: login keys and certificates lie in it. Null: nothing.</summary>
    public static string? Warning(string path) =>
        Directory.Exists(path) && File.GetUnixFileMode(path) is var mode && (mode & ~OwnerOnly & AllModes) != UnixFileMode.None
            ? $"{path} is open to other users of this machine (mode {Convert.ToString((int)mode, 8)}), and everybody's login keys are in it: chmod 700 {path}"
            : null;

    private static OptionsRefusedException Refused(string problem) => new([new OptionProblem("data", "the data directory", problem, "--data /var/lib/likeness")]);
}
