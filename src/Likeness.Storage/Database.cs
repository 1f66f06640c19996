using Likeness.Storage.Migrations;
using Likeness.Storage.PostgreSql;
using Likeness.Storage.Sqlite;
using Likeness.Stores;

namespace Likeness.Storage;

/// <summary>The door to the database.</summary>
public static class Database
{
    /// <summary>Below the data directory: the SQLite database as it was before an upgrade changed its tables.</summary>
    public const string BackupFolder = "before-upgrades";

    /// <summary>Of the SQLite that comes along, such as 3.53.4.</summary>
    public static string SqliteVersion
    {
        get
        {
            SQLitePCL.Batteries_V2.Init();
            return SQLitePCL.raw.sqlite3_libversion().utf8_to_string();
        }
    }

    /// <summary>
    /// Opens the database and brings it to this program's version; an SQLite file is copied to <see cref="BackupFolder"/> before that. Throws <see cref="DataDirectoryInUseException"/>,
    /// <see cref="DatabaseTooNewException"/> or another <see cref="StorageException"/>.
    /// </summary>
    public static async Task<IStores> Open(StorageOptions options, TimeProvider? time = null, CancellationToken cancellationToken = default)
    {
        var engine = Engine(options);
        try
        {
            if (engine.BackUpBefore(Migration.All) is { } told)
            {
                options.Upgraded?.Invoke(told);
            }

            await Migrator.Apply(engine, Migration.All, time ?? TimeProvider.System, cancellationToken);
            return new OpenStores(engine);
        }
        catch
        {
            await engine.DisposeAsync();
            throw;
        }
    }

    internal static Engine Engine(StorageOptions options) => options switch
    {
        { PostgreSql: { Length: > 0 } connection } => PostgreSqlEngine.Open(connection),
        { DataDirectory: { Length: > 0 } directory } => SqliteEngine.Open(directory),
        _ => throw new StorageException("No database is configured: name a data directory or a PostgreSQL connection string."),
    };
}
