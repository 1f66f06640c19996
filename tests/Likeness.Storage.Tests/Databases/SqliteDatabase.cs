namespace Likeness.Storage.Tests.Databases;

public sealed class SqliteDatabase : TestDatabase
{
    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("likeness-storage-").FullName;

    public string File => Path.Combine(Directory, "likeness.db");

    public override Task<StorageOptions> Options() => Task.FromResult(new StorageOptions { DataDirectory = Directory });

    public override ValueTask DisposeAsync()
    {
        System.IO.Directory.Delete(Directory, recursive: true);
        return default;
    }
}
