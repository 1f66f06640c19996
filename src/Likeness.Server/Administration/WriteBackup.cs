using System.Globalization;
using Likeness.Server.Backups;
using Likeness.Storage;

namespace Likeness.Server.Administration;

/// <summary>Writes everything kept, of one moment, while the server goes on: the tables, the installation's secret and its settings.</summary>
/// <param name="Certificates">The self-signed certificate and its key too.</param>
/// <param name="Uploads">The files that people share in chats too.</param>
public sealed record WriteBackup(bool Certificates, bool Uploads = true) : StreamedOperation
{
    protected override async Task<AuditNote> Write(OperationContext context, Stream stream, CancellationToken cancellationToken)
    {
        await using var backup = new BackupWriter(stream, context.Time.GetUtcNow());
        var number = 0;
        await DatabaseCopy.Write(
            context.Stores,
            part => backup.Add(string.Create(CultureInfo.InvariantCulture, $"tables/{++number:00000}-{part.Table}.jsonl"), part.Lines, cancellationToken),
            cancellationToken);
        foreach (var name in Certificates ? BackupFiles.Always.Concat(BackupFiles.Certificates) : BackupFiles.Always)
        {
            var path = Path.Combine(context.DataDirectory, name);
            if (File.Exists(path))
            {
                await backup.Add(BackupFiles.Folder + name, await File.ReadAllBytesAsync(path, cancellationToken), cancellationToken);
            }
        }

        if (Uploads)
        {
            await AddUploads(backup, Path.Combine(context.DataDirectory, "uploads"), cancellationToken);
        }

        await backup.Finish(DatabaseCopy.Version, cancellationToken);
        return new AuditNote("backup", null);
    }

    // What is removed meanwhile is not kept any more.
    private static async Task AddUploads(BackupWriter backup, string folder, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var name = $"{BackupFiles.Folder}uploads/{Path.GetRelativePath(folder, path)}";
            if (BackupFiles.IsUpload(name) && File.Exists(path))
            {
                await backup.AddFile(name, path, cancellationToken);
            }
        }
    }
}
