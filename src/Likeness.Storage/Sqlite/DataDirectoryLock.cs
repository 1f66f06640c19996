using System.Globalization;
using System.Text;

namespace Likeness.Storage.Sqlite;

/// <summary>The advisory lock on <c>likeness.lock</c> by which one process owns a data directory. The system lets go of it when the process ends, however it ends.</summary>
internal sealed class DataDirectoryLock : IDisposable
{
    private readonly FileStream _file;

    private DataDirectoryLock(FileStream file) => _file = file;

    public static DataDirectoryLock Take(string directory)
    {
        var path = Path.Combine(directory, "likeness.lock");
        FileStream file;
        try
        {
            file = new FileStream(path, PrivateFile.Options(FileShare.None));
        }
        catch (IOException)
        {
            throw new DataDirectoryInUseException(
                $"Another likeness process{Owner(path)} has the data directory {directory} open: stop it first, or use its web or REST interface.");
        }

        file.SetLength(0);
        file.Write(Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
        file.Flush();
        return new DataDirectoryLock(file);
    }

    public void Dispose() => _file.Dispose();

    private static string Owner(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(file);
            return int.TryParse(reader.ReadToEnd(), CultureInfo.InvariantCulture, out var process) ? $" ({process})" : "";
        }
        catch (IOException)
        {
            return "";
        }
    }
}
