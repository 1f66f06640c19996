namespace Likeness.Storage.Migrations;

/// <summary>Applies what is missing, all of it or nothing, while no other process does.</summary>
internal static class Migrator
{
    private const string Table = "CREATE TABLE IF NOT EXISTS migrations (number BIGINT PRIMARY KEY NOT NULL, name TEXT NOT NULL, applied BIGINT NOT NULL)";

    public static ValueTask Apply(Engine engine, IReadOnlyList<Migration> migrations, TimeProvider time, CancellationToken cancellationToken) =>
        engine.Write("likeness migrations", session => Apply(session, engine, migrations, time), cancellationToken);

    /// <summary>The same inside a write that others wait for.</summary>
    public static async ValueTask Apply(Session session, Engine engine, IReadOnlyList<Migration> migrations, TimeProvider time)
    {
        await session.Run(Table);
        var applied = await session.All("SELECT number FROM migrations", row => row.SmallNumber(0));
        RefuseNewer(engine, applied.DefaultIfEmpty().Max(), migrations[^1].Number);
        foreach (var migration in migrations.ExceptBy(applied, migration => migration.Number))
        {
            await session.Run(engine.Translate(migration.Script));
            await session.Execute("INSERT INTO migrations VALUES ($1, $2, $3)", migration.Number, migration.Name, time.GetUtcNow());
        }
    }

    private static void RefuseNewer(Engine engine, int database, int program)
    {
        if (database > program)
        {
            var kept = engine.BackupFor(program) is { } backup ? $", or put back {backup}, which was made before the upgrade." : ", or restore a backup made before the upgrade.";
            throw new DatabaseTooNewException(
                $"The database is at version {database} and this program knows versions up to {program}: start the newer program{kept}");
        }
    }
}
