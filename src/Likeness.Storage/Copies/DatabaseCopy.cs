using Likeness.Storage.Migrations;
using Likeness.Stores;

namespace Likeness.Storage;

/// <summary>Some rows of one table, in a form that both databases read.</summary>
/// <param name="Lines">UTF-8 lines of JSON: first an array of the columns' names, then an array of values for each row; bytes are <c>{"base64":"…"}</c>.</param>
public sealed record TablePart(string Table, ReadOnlyMemory<byte> Lines);

/// <summary>Copies everything a database keeps, out of the one and into the other.</summary>
public static class DatabaseCopy
{
    /// <summary>The tables' version that this program writes.</summary>
    public static int Version => Migration.All[^1].Number;

    /// <summary>Hands out every row of one moment, table by table, while others go on reading and writing. No more than a part is in memory.</summary>
    public static async Task Write(IStores stores, Func<TablePart, Task> write, CancellationToken cancellationToken = default)
    {
        var open = (OpenStores)stores;
        await open.Settle();
        await open.Engine.Snapshot(
            async session =>
            {
                foreach (var table in TableList.All)
                {
                    await TableLines.Write(session, table, write);
                }
            },
            cancellationToken);
    }

    /// <summary>
    /// Puts the rows in place of everything the database holds, in one transaction, and then brings it to this program's version.
    /// Throws <see cref="StorageException"/>: it cannot be opened, holds something and is not to be replaced, or does not take the rows.
    /// </summary>
    /// <param name="version">The tables' version when the parts were written.</param>
    /// <param name="replace">What the database holds may go.</param>
    /// <param name="parts">Asked again when another process was in the way.</param>
    public static async Task Restore(
        StorageOptions options,
        int version,
        bool replace,
        Func<IEnumerable<TablePart>> parts,
        TimeProvider? time = null,
        CancellationToken cancellationToken = default)
    {
        if (version > Version)
        {
            throw new DatabaseTooNewException($"The copy was made at version {version} of the tables and this program knows versions up to {Version}: use the newer program.");
        }

        await using var engine = Database.Engine(options);
        await Migrator.Apply(engine, Migration.All, time ?? TimeProvider.System, cancellationToken);
        await engine.Write(
            "likeness migrations",
            async session =>
            {
                if (!replace && await TableList.HoldsAnything(session))
                {
                    throw new StorageException("The database is not empty.");
                }

                await TableList.Drop(session);
                await Migrator.Apply(session, engine, [.. Migration.All.Where(migration => migration.Number <= version)], time ?? TimeProvider.System);
                foreach (var part in parts())
                {
                    await TableLines.Read(session, part);
                }

                await Migrator.Apply(session, engine, Migration.All, time ?? TimeProvider.System);
            },
            cancellationToken);

        // What waited to be sorted into what was there before.
        if (engine.HasSeparateJournal)
        {
            await engine.WriteJournal(session => session.Execute("DELETE FROM archive_journal"));
        }
    }
}
