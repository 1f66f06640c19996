using Likeness.Stores;

namespace Likeness.Storage.Tables;

/// <summary>The numbers of changes, and on a database of several processes what these have to hear of.</summary>
internal static class ChangeRows
{
    /// <summary>Sent with the number when a change becomes durable.</summary>
    public const string Channel = "likeness_change";

    private const string NextSql = """
        INSERT INTO change_counter (number, last) VALUES (1, 1)
        ON CONFLICT (number) DO UPDATE SET last = change_counter.last + 1
        RETURNING last
        """;

    private const string AddSql = """
        INSERT INTO changes (id, node, kind, subject, detail, made) VALUES ($1, $2, $3, $4, $5, $6)
        RETURNING id, pg_notify('likeness_change', '')
        """;

    private const string ReadSql = "SELECT id, kind, subject, detail, node FROM changes WHERE id > $1 ORDER BY id LIMIT $2";

    /// <summary>
    /// Gives the change its number. Every other change waits for this transaction from here on, so it is the last thing
    /// that a transaction does, and two never wait for each other.
    /// </summary>
    public static async ValueTask<long> Number(Session session, ChangeKind kind, string subject, string? detail = null)
    {
        var id = await session.First(NextSql, row => row.Number(0));
        if (session.Node is { } node)
        {
            await session.First(AddSql, row => row.Number(0), id, node, kind, subject, detail, DateTimeOffset.UtcNow);
        }

        return id;
    }

    /// <summary>The same for what has no version: where nobody else is to hear of it, nothing is done.</summary>
    public static async ValueTask Add(Session session, ChangeKind kind, string subject, string? detail = null)
    {
        if (session.Node is not null)
        {
            await Number(session, kind, subject, detail);
        }
    }

    public static async ValueTask AddAddresses(Session session, Identity owner, IEnumerable<string> hashes)
    {
        if (string.Join(' ', hashes.Distinct()) is { Length: > 0 } changed)
        {
            await Add(session, ChangeKind.Address, owner.Value, changed);
        }
    }

    public static async ValueTask<long> Last(Session session) =>
        await session.First<long?>("SELECT last FROM change_counter", row => row.Number(0)) ?? 0;

    public static async ValueTask<ChangePage> Read(Session session, long after, int most)
    {
        var rows = await session.All(
            ReadSql,
            row => (Change: new StoredChange(row.Number(0), row.Named<ChangeKind>(1), row.Text(2), row.TextOrNull(3)), Node: row.Text(4)),
            after,
            most);
        return new ChangePage(
            [.. rows.Where(row => row.Node != session.Node).Select(row => row.Change)],
            rows is [.., var last] ? last.Change.Id : after,
            rows.Count == most);
    }

    public static async ValueTask Prune(Session session, DateTimeOffset before) =>
        await session.Execute("DELETE FROM changes WHERE made < $1", before);
}
