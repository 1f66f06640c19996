using System.Data.Common;
using Likeness.Stores;

namespace Likeness.Storage.Tables;

internal sealed class NodeStore(Engine engine) : INodeStore
{
    private const string LoadSql = "SELECT node, access, persist, most_items, send_last, configuration FROM nodes WHERE account = $1";

    private const string AddSql = """
        INSERT INTO nodes (account, node, access, persist, most_items, send_last, configuration)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """;

    private const string AddIfNewSql = $"{AddSql} ON CONFLICT (account, node) DO NOTHING";

    private const string SaveSql = $"""
        {AddSql} ON CONFLICT (account, node) DO UPDATE SET
            access = excluded.access, persist = excluded.persist, most_items = excluded.most_items,
            send_last = excluded.send_last, configuration = excluded.configuration
        """;

    private const string RemoveSql = "DELETE FROM nodes WHERE account = $1 AND node = $2";

    public async ValueTask<IReadOnlyList<NodeRecord>> Load(Identity account, CancellationToken cancellationToken = default) =>
        await engine.Read(session => session.All(LoadSql, Read, account), cancellationToken);

    public async ValueTask Save(Identity account, NodeRecord node, CancellationToken cancellationToken = default) =>
        await AccountStore.Write(engine, account, session => session.Execute(SaveSql, Values(account, node)), cancellationToken);

    public ValueTask<bool> Remove(Identity account, string node, CancellationToken cancellationToken = default) =>
        engine.Write(account.Value, async session => await session.Execute(RemoveSql, account, node) > 0, cancellationToken);

    public async ValueTask<IReadOnlyList<NodeItem>> Items(
        Identity account,
        string node,
        IReadOnlyList<string>? ids,
        int most,
        CancellationToken cancellationToken = default) =>
        await engine.Read(
            session => ids is null ? ItemRows.Newest(session, account, node, most) : ItemRows.Find(session, account, node, ids, most),
            cancellationToken);

    public async ValueTask Publish(Identity account, NodeRecord node, NodeItem item, int most, CancellationToken cancellationToken = default) =>
        await AccountStore.Write(
            engine,
            account,
            async session =>
            {
                await session.Execute(AddIfNewSql, Values(account, node));
                await ItemRows.Publish(session, account, node.Node, item, most);
                return true;
            },
            cancellationToken);

    public ValueTask<bool> Retract(Identity account, string node, string id, CancellationToken cancellationToken = default) =>
        engine.Write(account.Value, session => ItemRows.Retract(session, account, node, id), cancellationToken);

    public ValueTask Purge(Identity account, string node, CancellationToken cancellationToken = default) =>
        engine.Write(account.Value, session => ItemRows.Purge(session, account, node), cancellationToken);

    private static object?[] Values(Identity account, NodeRecord node) =>
        [account, node.Node, node.Access, node.Persist, node.MaxItems, node.SendLast, node.Configuration];

    private static NodeRecord Read(DbDataReader row) => new(
        row.Text(0),
        row.Named<AccessModel>(1),
        row.Flag(2),
        row.SmallNumber(3),
        row.Text(4),
        row.TextOrNull(5));
}
