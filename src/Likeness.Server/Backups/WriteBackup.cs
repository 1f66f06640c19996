using System.Globalization;
using Likeness.Server.Administration;
using Likeness.Storage;

namespace Likeness.Server.Backups;

/// <summary>Writes everything kept, of one moment, while the server goes on: the tables, the installation's secret and its settings.</summary>
/// <param name="Certificates">The self-signed certificate and its key too.</param>
public sealed record WriteBackup(bool Certificates) : StreamedOperation
{
    protected override async Task<AuditNote> Write(Workplace workplace, Stream stream, CancellationToken cancellation)
    {
        await using var backup = new BackupWriter(stream, workplace.Time.GetUtcNow());
        var number = 0;
        await DatabaseCopy.Write(
            workplace.Stores,
            part => backup.Add(string.Create(CultureInfo.InvariantCulture, $"tables/{++number:00000}-{part.Table}.jsonl"), part.Lines, cancellation),
            cancellation);
        foreach (var name in Certificates ? BackupFiles.Always.Concat(BackupFiles.Certificates) : BackupFiles.Always)
        {
            var path = Path.Combine(workplace.DataDirectory, name);
            if (File.Exists(path))
            {
                await backup.Add(BackupFiles.Folder + name, await File.ReadAllBytesAsync(path, cancellation), cancellation);
            }
        }

        await backup.Finish(DatabaseCopy.Version, cancellation);
        return new AuditNote("backup", null);
    }
}
