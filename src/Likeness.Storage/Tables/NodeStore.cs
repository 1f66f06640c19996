using System.Data.Common;
using Likeness.Stores;

namespace Likeness.Storage.Tables;

internal sealed class NodeStore(Engine engine) : INodeStore
{
    private const string LoadSql = "SELECT node, access, persist, most_items, send_last, configuration FROM nodes WHERE account = $1";

    private const string SizeSql = "SELECT coalesce(sum(bytes), 0) FROM nodes WHERE account = $1";

    private const string FindSql = "SELECT items, bytes, node, configuration FROM nodes WHERE account = $1 AND node = $2";

    private const string AddSql = """
        INSERT INTO nodes (account, node, access, persist, most_items, send_last, configuration, items, bytes)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """;

    private const string SaveSql = $"""
        {AddSql} ON CONFLICT (account, node) DO UPDATE SET
            access = excluded.access, persist = excluded.persist, most_items = excluded.most_items,
            send_last = excluded.send_last, configuration = excluded.configuration, bytes = excluded.bytes
        """;

    private const string CountSql = "UPDATE nodes SET items = $3, bytes = $4 WHERE account = $1 AND node = $2";

    private const string RemoveSql = "DELETE FROM nodes WHERE account = $1 AND node = $2";

    public async ValueTask<IReadOnlyList<NodeRecord>> Load(Identity account, CancellationToken cancellationToken = default) =>
        await engine.Read(session => session.All(LoadSql, Read, account), cancellationToken);

    public ValueTask<long> Size(Identity account, CancellationToken cancellationToken = default) =>
        engine.Read(session => Size(session, account), cancellationToken);

    public ValueTask<bool> Save(Identity account, NodeRecord node, long maxBytes, CancellationToken cancellationToken = default) =>
        AccountStore.Write(
            engine,
            account,
            async session =>
            {
                var before = await Find(session, account, node.Node);
                var bytes = before.Bytes - before.OwnBytes + node.Size;
                if (!await HasRoom(session, account, bytes - before.Bytes, maxBytes))
                {
                    return false;
                }

                await session.Execute(SaveSql, Values(account, node, before.Items, bytes));
                return true;
            },
            cancellationToken);

    public ValueTask<bool> Remove(Identity account, string node, CancellationToken cancellationToken = default) =>
        engine.Write(
            account.Value,
            async session =>
            {
                await NodeSubscriptionStore.RemoveAll(session, account, node);
                return await session.Execute(RemoveSql, account, node) > 0;
            },
            cancellationToken);

    public ValueTask<NodePage?> Items(Identity account, string node, NodeQuery query, CancellationToken cancellationToken = default) =>
        engine.Read(
            async session => query.Ids is { } ids
                ? await ItemRows.Find(session, account, node, ids, query)
                : await ItemRows.Page(session, account, node, query, (await Find(session, account, node)).Items),
            cancellationToken);

    public ValueTask<bool> Publish(
        Identity account,
        NodeRecord node,
        NodeItem item,
        int maxItems,
        long maxBytes,
        CancellationToken cancellationToken = default) =>
        AccountStore.Write(
            engine,
            account,
            async session =>
            {
                var before = await Find(session, account, node.Node);
                var replaced = await ItemRows.Size(session, account, node.Node, item.Id);
                var items = before.Items + (replaced is null ? 1 : 0);
                var surplus = await ItemRows.Oldest(session, account, node.Node, item.Id, items - maxItems);
                var bytes = (before.IsThere ? before.Bytes : node.Size) + item.Size - (replaced ?? 0) - surplus.Bytes;
                if (!await HasRoom(session, account, bytes - before.Bytes, maxBytes))
                {
                    return false;
                }

                if (!before.IsThere)
                {
                    await session.Execute(AddSql, Values(account, node, 0, 0));
                }

                await ItemRows.Publish(session, account, node.Node, item);
                await ItemRows.Drop(session, account, node.Node, item.Id, surplus);
                await session.Execute(CountSql, account, node.Node, items - surplus.Items, bytes);
                return true;
            },
            cancellationToken);

    public ValueTask<bool> Change(
        Identity account,
        NodeRecord node,
        IReadOnlyList<NodeItem> items,
        IReadOnlyList<string> gone,
        long maxBytes,
        CancellationToken cancellationToken = default) =>
        AccountStore.Write(
            engine,
            account,
            async session =>
            {
                var before = await Find(session, account, node.Node);
                var (number, bytes) = (before.Items, before.IsThere ? before.Bytes : node.Size);
                foreach (var id in gone)
                {
                    if (await ItemRows.Size(session, account, node.Node, id) is { } size)
                    {
                        (number, bytes) = (number - 1, bytes - size);
                    }
                }

                foreach (var item in items)
                {
                    var replaced = await ItemRows.Size(session, account, node.Node, item.Id);
                    (number, bytes) = (number + (replaced is null ? 1 : 0), bytes + item.Size - (replaced ?? 0));
                }

                if (!await HasRoom(session, account, bytes - before.Bytes, maxBytes))
                {
                    return false;
                }

                if (!before.IsThere)
                {
                    await session.Execute(AddSql, Values(account, node, 0, 0));
                }

                foreach (var id in gone)
                {
                    await ItemRows.Retract(session, account, node.Node, id);
                }

                foreach (var item in items)
                {
                    await ItemRows.Publish(session, account, node.Node, item);
                }

                await session.Execute(CountSql, account, node.Node, number, bytes);
                return true;
            },
            cancellationToken);

    public async ValueTask<IReadOnlyList<LastItemsOf>> LastItems(
        IReadOnlyCollection<Identity> accounts,
        string contact,
        IReadOnlyCollection<string> nodes,
        long maxBytes,
        CancellationToken cancellationToken = default) =>
        await engine.Read(session => LastItemRows.Read(session, accounts, contact, nodes, maxBytes), cancellationToken);

    public ValueTask<bool> Retract(Identity account, string node, string id, CancellationToken cancellationToken = default) =>
        engine.Write(
            account.Value,
            async session =>
            {
                if (await ItemRows.Size(session, account, node, id) is not { } size)
                {
                    return false;
                }

                await ItemRows.Retract(session, account, node, id);
                var before = await Find(session, account, node);
                await session.Execute(CountSql, account, node, before.Items - 1, before.Bytes - size);
                return true;
            },
            cancellationToken);

    public ValueTask Purge(Identity account, string node, CancellationToken cancellationToken = default) =>
        engine.Write(
            account.Value,
            async session =>
            {
                await ItemRows.Purge(session, account, node);
                await session.Execute(CountSql, account, node, 0, (await Find(session, account, node)).OwnBytes);
            },
            cancellationToken);

    // What makes an account keep less is allowed to one that has too much.
    private static async ValueTask<bool> HasRoom(Session session, Identity account, long more, long maxBytes) =>
        more <= 0 || await Size(session, account) + more <= maxBytes;

    private static ValueTask<long> Size(Session session, Identity account) => session.First(SizeSql, row => row.Number(0), account);

    private static ValueTask<Counted> Find(Session session, Identity account, string node) =>
        session.First(FindSql, Count, account, node);

    private static Counted Count(DbDataReader row) =>
        new(true, row.SmallNumber(0), row.Number(1), new NodeRecord(row.Text(2), default, default, default, "", row.TextOrNull(3)).Size);

    private static object?[] Values(Identity account, NodeRecord node, int items, long bytes) =>
        [account, node.Node, node.Access, node.Persist, node.MaxItems, node.SendLast, node.Configuration, items, bytes];

    private static NodeRecord Read(DbDataReader row) => new(
        row.Text(0),
        row.Named<AccessModel>(1),
        row.Flag(2),
        row.SmallNumber(3),
        row.Text(4),
        row.TextOrNull(5));

    /// <summary>A node as it is counted; the default is one that is not there.</summary>
    private readonly record struct Counted(bool IsThere, int Items, long Bytes, int OwnBytes);
}
