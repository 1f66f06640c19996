using System.Globalization;
using Likeness.Server.Backups;
using Likeness.Storage;

namespace Likeness.Server.Administration;

/// <summary>Writes everything kept, of one moment, while the server goes on: the tables, the installation's secret and its settings.</summary>
/// <param name="Certificates">The self-signed certificate and its key too.</param>
public sealed record WriteBackup(bool Certificates) : StreamedOperation
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

        await backup.Finish(DatabaseCopy.Version, cancellationToken);
        return new AuditNote("backup", null);
    }
}
