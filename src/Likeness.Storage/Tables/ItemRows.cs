using System.Data.Common;
using Likeness.Stores;

namespace Likeness.Storage.Tables;

/// <summary>The items of nodes; the position grows with every publish.</summary>
internal static class ItemRows
{
    private const string NewestSql = """
        SELECT item, xml, published, position FROM node_items WHERE account = $1 AND node = $2 ORDER BY position DESC LIMIT $3
        """;

    private const string FindSql = """
        SELECT item, xml, published, position FROM node_items WHERE account = $1 AND node = $2 AND item = $3
        """;

    private const string PublishSql = """
        INSERT INTO node_items (account, node, item, position, published, xml)
        VALUES ($1, $2, $3, (SELECT coalesce(max(position), 0) + 1 FROM node_items WHERE account = $1 AND node = $2), $4, $5)
        ON CONFLICT (account, node, item) DO UPDATE SET
            position = excluded.position, published = excluded.published, xml = excluded.xml
        """;

    private const string TrimSql = """
        DELETE FROM node_items WHERE account = $1 AND node = $2 AND position <=
            (SELECT position FROM node_items WHERE account = $1 AND node = $2 ORDER BY position DESC LIMIT 1 OFFSET $3)
        """;

    private const string RetractSql = "DELETE FROM node_items WHERE account = $1 AND node = $2 AND item = $3";

    private const string PurgeSql = "DELETE FROM node_items WHERE account = $1 AND node = $2";

    public static async ValueTask<List<NodeItem>> Newest(Session session, Identity account, string node, int most) =>
        [.. (await session.All(NewestSql, Read, account, node, most)).Select(placed => placed.Item)];

    public static async ValueTask<List<NodeItem>> Find(Session session, Identity account, string node, IReadOnlyList<string> ids, int most)
    {
        var found = new List<PlacedItem>();
        foreach (var id in ids.Distinct())
        {
            found.AddRange(await session.All(FindSql, Read, account, node, id));
        }

        return [.. found.OrderByDescending(placed => placed.Position).Take(most).Select(placed => placed.Item)];
    }

    public static async ValueTask Publish(Session session, Identity account, string node, NodeItem item, int most)
    {
        await session.Execute(PublishSql, account, node, item.Id, item.Published, item.Xml);
        await session.Execute(TrimSql, account, node, most);
    }

    public static async ValueTask<bool> Retract(Session session, Identity account, string node, string id) =>
        await session.Execute(RetractSql, account, node, id) > 0;

    public static async ValueTask Purge(Session session, Identity account, string node) =>
        await session.Execute(PurgeSql, account, node);

    private static PlacedItem Read(DbDataReader row) => new(new NodeItem(row.Text(0), row.Text(1), row.Time(2)), row.Number(3));

    private sealed record PlacedItem(NodeItem Item, long Position);
}
