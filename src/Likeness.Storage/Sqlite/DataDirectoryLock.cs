namespace Likeness.Storage.Sqlite;

/// <summary>The advisory lock on <c>likeness.lock</c> by which one process owns a data directory. The system lets go of it when the process ends, however it ends.</summary>
internal sealed class DataDirectoryLock : IDisposable
{
    private const int WouldBlock = 11;
    private readonly FileStream _file;

    private DataDirectoryLock(FileStream file) => _file = file;

    public static DataDirectoryLock Take(string directory)
    {
        try
        {
            return new DataDirectoryLock(new FileStream(Path.Combine(directory, "likeness.lock"), PrivateFile.Options(FileShare.None)));
        }
        catch (IOException exception) when (exception.HResult == WouldBlock)
        {
            throw new DataDirectoryInUseException(
                $"Another likeness process has the data directory {directory} open: stop it first.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"The data directory {directory} cannot be written: {exception.Message}", exception);
        }
    }

    public void Dispose() => _file.Dispose();
}
