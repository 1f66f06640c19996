namespace Likeness.Storage.Sqlite;

/// <summary>The advisory lock on <c>likeness.lock</c> by which one process owns a data directory. The system lets go of it when the process ends, however it ends.</summary>
internal sealed class DataDirectoryLock : IDisposable
{
    private readonly FileStream _file;

    private DataDirectoryLock(FileStream file) => _file = file;

    public static DataDirectoryLock Take(string directory)
    {
        try
        {
            return new DataDirectoryLock(new FileStream(Path.Combine(directory, "likeness.lock"), PrivateFile.Options(FileShare.None)));
        }
        catch (IOException)
        {
            throw new DataDirectoryInUseException(
                $"Another likeness process has the data directory {directory} open: stop it first.");
        }
    }

    public void Dispose() => _file.Dispose();
}
