using System.Globalization;
using Likeness.Storage.Migrations;

namespace Likeness.Storage.Sqlite;

/// <summary>
/// The database as it was before a newer program changed its tables, as <c>before-upgrades/likeness-N.db</c> with the number of
/// the last migration it has. Whoever goes back to the older program puts it in the place of <c>likeness.db</c>.
/// </summary>
internal static class UpgradeBackup
{
    public const int MaxKept = 2;
    private const string Prefix = "likeness-";
    private const string Suffix = ".db";

    /// <summary>Copies the database when some of the migrations are missing from it. Returns what to tell the operator; null when nothing is to be done.</summary>
    /// <param name="writer">The only connection, between two writes.</param>
    public static string? Take(SqliteSession writer, string directory, IReadOnlyList<Migration> migrations)
    {
        var applied = Applied(writer);
        if (applied.Count == 0 || applied.Max() > migrations[^1].Number || migrations.All(migration => applied.Contains(migration.Number)))
        {
            return null;
        }

        var database = Path.Combine(directory, "likeness.db");
        var backup = Path.Combine(directory, Database.BackupFolder, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{applied.Max()}{Suffix}"));
        try
        {
            // Everything into the one file: nobody reads or writes, so nothing can be left behind.
            if (SqliteSession.Completed(writer.First("PRAGMA wal_checkpoint(TRUNCATE)", row => row.GetInt32(0))) != 0)
            {
                throw new IOException("another program has it open");
            }

            PrivateFile.EnsureDirectoryExists(Path.GetDirectoryName(backup)!);
            Copy(database, backup);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"The database is not upgraded, because it could not be copied to {backup} before: {exception.Message}", exception);
        }

        foreach (var (path, _) in Kept(directory).Skip(MaxKept))
        {
            File.Delete(path);
        }

        return string.Create(CultureInfo.InvariantCulture, $"The database is upgraded from version {applied.Max()} to {migrations[^1].Number}; as it was before it is kept as {backup}");
    }

    /// <summary>The newest copy that a program which knows this version can read; null: there is none.</summary>
    public static string? For(string directory, int version) =>
        Kept(directory).Where(kept => kept.Version <= version).Select(kept => kept.Path).FirstOrDefault();

    /// <summary>Newest tables first.</summary>
    private static IEnumerable<(string Path, int Version)> Kept(string directory)
    {
        var folder = Path.Combine(directory, Database.BackupFolder);
        return !Directory.Exists(folder) ? [] :
        [
            .. from path in Directory.GetFiles(folder, $"{Prefix}*{Suffix}")
               let number = int.TryParse(Path.GetFileName(path)[Prefix.Length..^Suffix.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var read) ? read : -1
               where number >= 0
               orderby number descending
               select (path, number),
        ];
    }

    private static void Copy(string database, string backup)
    {
        var draft = backup + ".draft";
        File.Delete(draft);
        try
        {
            using (var from = new FileStream(database, FileMode.Open, FileAccess.Read, FileShare.ReadWrite))
            using (var to = new FileStream(draft, PrivateFile.Options(FileShare.None)))
            {
                from.CopyTo(to, bufferSize: 1024 * 1024);
                to.Flush(flushToDisk: true);
            }

            File.Move(draft, backup, overwrite: true);
        }
        catch
        {
            File.Delete(draft);
            throw;
        }
    }

    private static HashSet<int> Applied(SqliteSession session)
    {
        var tables = SqliteSession.Completed(session.All("SELECT name FROM sqlite_master WHERE name = 'migrations'", row => row.GetString(0)));
        return tables.Count == 0 ? [] : [.. SqliteSession.Completed(session.All("SELECT number FROM migrations", row => row.GetInt32(0)))];
    }
}
