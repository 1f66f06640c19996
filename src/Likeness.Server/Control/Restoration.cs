using Likeness.Server.Backups;
using Likeness.Server.Options;
using Likeness.Storage;
using Likeness.Stores;

namespace Likeness.Server.Control;

/// <summary>Puts a backup back: all of it, or nothing when anything about it is wrong.</summary>
/// <param name="configuration">What environment and file say, strongest first; it names the database. Where nobody says anything, the backup's own settings do.</param>
public sealed class Restoration(string dataDirectory, params OptionSource[] configuration)
{
    /// <summary>Reads a backup from the first byte to the last. Throws <see cref="BackupDamagedException"/> unless it is as it was written.</summary>
    public static BackupManifest Verify(string backup) => BackupReader.Verify(backup);

    /// <summary>Throws <see cref="OperationRefusedException"/>, <see cref="BackupDamagedException"/> or <see cref="StorageException"/>; then nothing was changed.</summary>
    /// <param name="force">What is there may go.</param>
    public async Task<BackupManifest> Run(string backup, bool force, CancellationToken cancellationToken)
    {
        if (await ControlClient.IsRunning(dataDirectory, cancellationToken))
        {
            throw new OperationRefusedException($"A server runs on {dataDirectory}: stop it first.");
        }

        if (!force && Directory.Exists(dataDirectory) && Directory.EnumerateFileSystemEntries(dataDirectory).Any())
        {
            throw new OperationRefusedException($"{dataDirectory} is not empty; --force replaces what is there.");
        }

        var manifest = BackupReader.Verify(backup);
        var files = BackupReader.Members(backup).Where(member => BackupFiles.IsOne(member.Name)).ToDictionary(member => member.Name[BackupFiles.Folder.Length..], member => member.Content);
        var storage = new StorageOptions { DataDirectory = dataDirectory, PostgreSql = DatabaseNamed(files) };
        DataDirectory.Create(dataDirectory);
        await DatabaseCopy.Restore(storage, manifest.Tables, force, () => Parts(backup), cancellationToken: cancellationToken);
        WriteFiles(files);
        WriteUploads(backup);
        DatabaseMark.Write(dataDirectory, storage.PostgreSql);
        await Note(storage, manifest, cancellationToken);
        FileOwner.LeaveToOwner(dataDirectory);
        return manifest;
    }

    private static IEnumerable<TablePart> Parts(string backup) => BackupReader.Members(backup)
        .Where(member => member.Name.StartsWith("tables/", StringComparison.Ordinal))
        .Select(member => new TablePart(TableOf(member.Name), member.Content));

    /// <summary><c>tables/00012-node_items.jsonl</c></summary>
    private static string TableOf(string member) => Path.GetFileNameWithoutExtension(member)[(Path.GetFileName(member).IndexOf('-', StringComparison.Ordinal) + 1)..];

    private string? DatabaseNamed(Dictionary<string, byte[]> files)
    {
        if (configuration.FirstOrDefault(source => source.Values.ContainsKey("database")) is { } said)
        {
            return said.Values["database"][0];
        }

        if (configuration.Any(source => source.Values.Count > 0) || !files.TryGetValue(BackupFiles.Configuration, out var settings))
        {
            return null;
        }

        return OptionFile.Parse("the backup's settings", settings).Values.TryGetValue("database", out var own) ? own[0] : null;
    }

    private void WriteFiles(Dictionary<string, byte[]> files)
    {
        foreach (var (name, content) in files)
        {
            var path = Path.Combine(dataDirectory, name);
            if (name != BackupFiles.Configuration || !File.Exists(path))
            {
                BackupFiles.Write(path, content);
            }
        }
    }

    // Those of before were other people's.
    private void WriteUploads(string backup)
    {
        var folder = Path.Combine(dataDirectory, "uploads");
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        foreach (var entry in BackupReader.Uploads(backup))
        {
            var path = Path.Combine(dataDirectory, entry.Name[BackupFiles.Folder.Length..]);
            DataDirectory.Create(folder);
            DataDirectory.Create(Path.GetDirectoryName(path)!);
            entry.ExtractToFile(path, overwrite: false);
            File.SetLastWriteTimeUtc(path, entry.ModificationTime.UtcDateTime);
        }
    }

    private static async Task Note(StorageOptions storage, BackupManifest manifest, CancellationToken cancellationToken)
    {
        await using var stores = await Database.Open(storage, TimeProvider.System, cancellationToken);
        var entry = new AuditEntry(TimeProvider.System.GetUtcNow(), Environment.UserName, "restore", null, Detail: $"backup of {manifest.Created:u}");
        await stores.Audit.Write(entry, cancellationToken);
    }
}
