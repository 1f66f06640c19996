using System.Data.Common;
using Likeness.Stores;

namespace Likeness.Storage.Tables;

/// <summary>The items of nodes; the position grows with every publish.</summary>
internal static class ItemRows
{
    private const string Columns = "SELECT item, xml, published, position FROM node_items WHERE account = $1 AND node = $2";

    private const string NewestSql = $"{Columns} ORDER BY position DESC LIMIT $3 OFFSET $4";

    private const string OlderSql = $"{Columns} AND position < $3 ORDER BY position DESC LIMIT $4";

    private const string NewerSql = $"{Columns} AND position > $3 ORDER BY position LIMIT $4";

    private const string OldestSql = $"{Columns} AND item <> $3 ORDER BY position LIMIT $4";

    private const string FindSql = $"{Columns} AND item = $3";

    private const string PositionSql = "SELECT position FROM node_items WHERE account = $1 AND node = $2 AND item = $3";

    private const string IndexSql = "SELECT count(*) FROM node_items WHERE account = $1 AND node = $2 AND position > $3";

    private const string PublishSql = """
        INSERT INTO node_items (account, node, item, position, published, xml)
        VALUES ($1, $2, $3, (SELECT coalesce(max(position), 0) + 1 FROM node_items WHERE account = $1 AND node = $2), $4, $5)
        ON CONFLICT (account, node, item) DO UPDATE SET
            position = excluded.position, published = excluded.published, xml = excluded.xml
        """;

    private const string DropSql = "DELETE FROM node_items WHERE account = $1 AND node = $2 AND item <> $3 AND position <= $4";

    private const string RetractSql = "DELETE FROM node_items WHERE account = $1 AND node = $2 AND item = $3";

    private const string PurgeSql = "DELETE FROM node_items WHERE account = $1 AND node = $2";

    /// <param name="count">The node's items in all.</param>
    public static async ValueTask<NodePage?> Page(Session session, Identity account, string node, NodeQuery query, int count)
    {
        if ((query.After ?? query.Before) is not { Length: > 0 } anchor)
        {
            var isLast = query.Before is not null;
            var rows = isLast
                ? await Rows(session, query, NewerSql, account, node, 0L, query.MaxItems)
                : await Rows(session, query, NewestSql, account, node, query.MaxItems, query.Index ?? 0);
            return new NodePage(Items(rows, isLast), isLast ? count - rows.Count : query.Index ?? 0, count);
        }

        if (await session.First(PositionSql, row => row.Number(0), account, node, anchor) is not (> 0 and var position))
        {
            return null;
        }

        var isBackwards = query.After is null;
        var found = await Rows(session, query, isBackwards ? NewerSql : OlderSql, account, node, position, query.MaxItems);
        var first = found.Count == 0 ? position : found.Max(row => row.Position);
        return new NodePage(Items(found, isBackwards), (int)await session.First(IndexSql, row => row.Number(0), account, node, first), count);
    }

    /// <summary>Those of the ids that there are; all are counted, and given as far as the query's limits reach.</summary>
    public static async ValueTask<NodePage?> Find(Session session, Identity account, string node, IReadOnlyList<string> ids, NodeQuery query)
    {
        var placed = new List<(long Position, string Id)>();
        foreach (var id in ids.Distinct(StringComparer.Ordinal))
        {
            if (await session.First(PositionSql, row => row.Number(0), account, node, id) is > 0 and var position)
            {
                placed.Add((position, id));
            }
        }

        var (items, room) = (new List<NodeItem>(), query.MaxBytes);
        foreach (var (_, id) in placed.OrderDescending().Take(query.MaxItems))
        {
            // Null: removed since by another process.
            if (await session.First(FindSql, Read, account, node, id) is not { Item: var found })
            {
                continue;
            }

            room -= found.Size;
            if (room < 0 && items.Count > 0)
            {
                break;
            }

            items.Add(found);
        }

        return new NodePage(items, 0, placed.Count);
    }

    /// <summary>Bytes of an item; null: it is not there.</summary>
    public static async ValueTask<long?> Size(Session session, Identity account, string node, string id) =>
        (await session.First(FindSql, Read, account, node, id))?.Item.Size;

    /// <summary>The oldest items but this one.</summary>
    public static async ValueTask<Surplus> Oldest(Session session, Identity account, string node, string but, int number)
    {
        var surplus = default(Surplus);
        if (number > 0)
        {
            await session.Each(
                OldestSql,
                row =>
                {
                    var placed = Read(row);
                    surplus = new Surplus(surplus.Items + 1, surplus.Bytes + placed.Item.Size, placed.Position);
                    return default;
                },
                account, node, but, number);
        }

        return surplus;
    }

    public static async ValueTask Drop(Session session, Identity account, string node, string but, Surplus surplus)
    {
        if (surplus.Items > 0)
        {
            await session.Execute(DropSql, account, node, but, surplus.Position);
        }
    }

    public static async ValueTask Publish(Session session, Identity account, string node, NodeItem item) =>
        await session.Execute(PublishSql, account, node, item.Id, item.Published, item.Xml);

    public static async ValueTask Retract(Session session, Identity account, string node, string id) =>
        await session.Execute(RetractSql, account, node, id);

    public static async ValueTask Purge(Session session, Identity account, string node) =>
        await session.Execute(PurgeSql, account, node);

    // The first row is taken whatever its size, so that there is always a way on.
    private static ValueTask<List<PlacedItem>> Rows(Session session, NodeQuery query, string sql, params object?[] values)
    {
        var bytes = 0L;
        return session.While(sql, Read, row => bytes == 0 | (bytes += row.Item.Size) <= query.MaxBytes, values);
    }

    private static List<NodeItem> Items(List<PlacedItem> rows, bool isReversed)
    {
        var items = rows.ConvertAll(row => row.Item);
        if (isReversed)
        {
            items.Reverse();
        }

        return items;
    }

    private static PlacedItem Read(DbDataReader row) => new(new NodeItem(row.Text(0), row.Text(1), row.Time(2)), row.Number(3));

    /// <summary>The oldest items, with the position of the newest among them.</summary>
    internal readonly record struct Surplus(int Items, long Bytes, long Position);

    private sealed record PlacedItem(NodeItem Item, long Position);
}
