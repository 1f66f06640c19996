using System.Data.Common;
using Likeness.Stores;

namespace Likeness.Storage.Tables;

internal sealed class AuditStore(Engine engine) : IAuditStore
{
    /// <summary>Numbers are given one after another.</summary>
    internal const string Turn = "likeness audit";

    private const string WriteSql = """
        INSERT INTO audit (number, time, actor, action, about, reason, detail)
        VALUES ((SELECT coalesce(max(number), 0) + 1 FROM audit), $1, $2, $3, $4, $5, $6)
        RETURNING number
        """;

    private const string Columns = "number, time, actor, action, about, reason, detail";

    private const string ReadSql = $"SELECT {Columns} FROM audit WHERE time >= $1 ORDER BY number DESC LIMIT $2";

    private const string ReadAboutSql = $"SELECT {Columns} FROM audit WHERE time >= $1 AND about = $3 ORDER BY number DESC LIMIT $2";

    public ValueTask Write(AuditEntry entry, CancellationToken cancellationToken = default) =>
        engine.Write(Turn, session => Write(session, entry), cancellationToken);

    public async ValueTask<IReadOnlyList<AuditEntry>> Read(IReadOnlyList<string>? about, DateTimeOffset? since, int most, CancellationToken cancellationToken = default) =>
        await engine.Read(
            async session =>
            {
                var from = since ?? DateTimeOffset.MinValue;
                var rows = new List<(long Number, AuditEntry Entry)>();
                foreach (var name in about?.Distinct(StringComparer.Ordinal) ?? [])
                {
                    rows.AddRange(await session.All(ReadAboutSql, Read, from, most, name));
                }

                return about is null
                    ? [.. (await session.All(ReadSql, Read, from, most)).Select(row => row.Entry)]
                    : rows.OrderByDescending(row => row.Number).Take(most).Select(row => row.Entry).ToList();
            },
            cancellationToken);

    public async ValueTask<IReadOnlyList<AuditEntry>> Search(AuditSearch search, int most, CancellationToken cancellationToken = default)
    {
        object?[] values = [most, search.Since ?? DateTimeOffset.MinValue, search.Until ?? DateTimeOffset.MaxValue, Part(search.By), Beginning(search.Action), Part(search.About)];
        var sql = $"""
            SELECT {Columns} FROM audit
            WHERE time >= $2 AND time < $3 AND lower(actor) LIKE $4 ESCAPE '!' AND action LIKE $5 ESCAPE '!' AND lower(coalesce(about, '')) LIKE $6 ESCAPE '!'{DomainRows.Among("about", search.Domains, values.Length)}
            ORDER BY number DESC LIMIT $1
            """;
        var rows = await engine.Read(session => session.All(sql, Read, [.. values, .. DomainRows.Values(search.Domains)]), cancellationToken);
        return [.. rows.Select(row => row.Entry)];
    }

    private static string Part(string? text) => $"%{Beginning(text)}";

    private static string Beginning(string? text) => $"{DomainRows.Escaped(text?.ToLowerInvariant() ?? "")}%";

    /// <summary>An act goes into the log in its own transaction, at the end of it; what was not done is not said.</summary>
    internal static async ValueTask<bool> Told(Session session, bool isDone, AuditEntry? said)
    {
        if (isDone && said is not null)
        {
            await Write(session, said);
        }

        return isDone;
    }

    internal static async ValueTask Write(Session session, AuditEntry entry)
    {
        await session.Turn(Turn);
        var number = await session.First(WriteSql, row => row.Number(0), entry.Time, entry.By, entry.Action, entry.About, entry.Reason, entry.Detail);
        await session.Execute("DELETE FROM audit WHERE number <= $1", number - IAuditStore.MaxEntries);
        await session.Execute("DELETE FROM audit WHERE time < $1", entry.Time - IAuditStore.Kept);
    }

    private static (long Number, AuditEntry Entry) Read(DbDataReader row) =>
        (row.Number(0), new AuditEntry(row.Time(1), row.Text(2), row.Text(3), row.TextOrNull(4), row.TextOrNull(5), row.TextOrNull(6)));
}
