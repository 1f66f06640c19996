using Likeness.Stores;

namespace Likeness.Storage.Tables;

internal sealed class SeenStore(Engine engine) : ISeenStore
{
    private const string Turn = "likeness seen";

    // So that others write in between.
    private const int RowsAtOnce = 1_000;

    private const string AddSql = """
        INSERT INTO seen (identity, day, what, number) SELECT $1, $2, $3, $4 WHERE EXISTS (SELECT 1 FROM portraits WHERE identity = $1)
        ON CONFLICT (identity, day, what) DO UPDATE SET number = seen.number + excluded.number
        """;

    private const string SitesSql = "SELECT what FROM seen WHERE identity = $1 AND day = $2";

    private const string ReadSql = "SELECT what, CAST(sum(number) AS BIGINT) FROM seen WHERE identity = $1 AND day >= $2 GROUP BY what";

    public async ValueTask Add(IReadOnlyList<SeenRow> rows, CancellationToken cancellationToken = default)
    {
        // In one order on every server of a database, so that no two wait for each other.
        var ordered = rows.OrderBy(row => row.Person.Value, StringComparer.Ordinal).ThenBy(row => row.Day).ThenBy(row => row.What, StringComparer.Ordinal);
        foreach (var part in ordered.Chunk(RowsAtOnce))
        {
            await engine.Write(Turn, session => Add(session, part), cancellationToken);
        }
    }

    public async ValueTask<IReadOnlyList<(string What, long Number)>> Read(Identity person, DateOnly since, CancellationToken cancellationToken = default) =>
        await engine.Read(session => session.All(ReadSql, row => (row.Text(0), row.Number(1)), person, since.DayNumber), cancellationToken);

    public async ValueTask Prune(DateOnly before, CancellationToken cancellationToken = default)
    {
        const string condition = "FROM seen WHERE day < $1";
        if (await engine.Read(session => session.First($"SELECT 1 {condition} LIMIT 1", row => row.Number(0), before.DayNumber), cancellationToken) > 0)
        {
            await engine.Write(Turn, session => session.Execute($"DELETE {condition}", before.DayNumber), cancellationToken);
        }
    }

    private static async ValueTask<bool> Add(Session session, IReadOnlyList<SeenRow> rows)
    {
        foreach (var person in rows.GroupBy(row => (row.Person, row.Day)))
        {
            var sites = person.Any(IsSite) ? (await session.All(SitesSql, row => row.Text(0), person.Key.Person, person.Key.Day.DayNumber)).Where(IsSite).ToHashSet(StringComparer.Ordinal) : [];
            foreach (var row in person)
            {
                var isNew = IsSite(row) && !sites.Contains(row.What);
                var what = isNew && sites.Count >= SeenTally.MaxSites ? SeenWhat.Site : row.What;
                if (IsSite(row))
                {
                    sites.Add(what);
                }

                await session.Execute(AddSql, row.Person, row.Day.DayNumber, what, row.Number);
            }
        }

        return true;
    }

    private static bool IsSite(SeenRow row) => IsSite(row.What);

    private static bool IsSite(string what) => what.StartsWith(SeenWhat.Site, StringComparison.Ordinal);
}
