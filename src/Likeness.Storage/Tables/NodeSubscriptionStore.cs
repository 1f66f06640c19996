using System.Data.Common;
using Likeness.Stores;

namespace Likeness.Storage.Tables;

internal sealed class NodeSubscriptionStore(Engine engine) : INodeSubscriptionStore
{
    private const string RemoveAllSql = "DELETE FROM node_subscriptions WHERE account = $1 AND node = $2";

    private const string Columns = "SELECT account, node, address FROM node_subscriptions";

    private const string AddSql = """
        INSERT INTO node_subscriptions (account, node, address, subscriber) VALUES ($1, $2, $3, $4)
        ON CONFLICT (account, node, address) DO NOTHING
        """;

    private const string IsThereSql = "SELECT 1 FROM node_subscriptions WHERE account = $1 AND node = $2 AND address = $3";

    private const string CountSql = """
        SELECT (SELECT count(*) FROM node_subscriptions WHERE account = $1), (SELECT count(*) FROM node_subscriptions WHERE subscriber = $2)
        """;

    public async ValueTask<IReadOnlyList<string>> Nodes(Identity account, CancellationToken cancellationToken = default) =>
        await engine.Read(
            session => session.All("SELECT DISTINCT node FROM node_subscriptions WHERE account = $1", row => row.Text(0), account),
            cancellationToken);

    public async ValueTask<IReadOnlyList<NodeSubscription>> To(Identity account, string node, CancellationToken cancellationToken = default) =>
        await engine.Read(session => session.All($"{Columns} WHERE account = $1 AND node = $2", Read, account, node), cancellationToken);

    public async ValueTask<IReadOnlyList<NodeSubscription>> By(string subscriber, CancellationToken cancellationToken = default) =>
        await engine.Read(session => session.All($"{Columns} WHERE subscriber = $1", Read, subscriber), cancellationToken);

    public ValueTask<bool> Add(NodeSubscription subscription, int maxToAccount, int maxBySubscriber, CancellationToken cancellationToken = default) =>
        AccountStore.Write(
            engine,
            subscription.Account,
            async session =>
            {
                var (account, node, address) = subscription;
                if (await session.First(IsThereSql, row => row.FieldCount, account, node, address) > 0)
                {
                    return true;
                }

                var (to, by) = await session.First(CountSql, row => (row.Number(0), row.Number(1)), account, subscription.Subscriber);
                if (to >= maxToAccount || by >= maxBySubscriber)
                {
                    return false;
                }

                await session.Execute(AddSql, account, node, address, subscription.Subscriber);
                return true;
            },
            cancellationToken);

    public ValueTask<bool> Remove(NodeSubscription subscription, CancellationToken cancellationToken = default) =>
        engine.Write(
            subscription.Account.Value,
            async session => await session.Execute($"{RemoveAllSql} AND address = $3", subscription.Account, subscription.Node, subscription.Address) > 0,
            cancellationToken);

    public ValueTask RemoveAll(Identity account, string node, CancellationToken cancellationToken = default) =>
        engine.Write(account.Value, session => RemoveAll(session, account, node), cancellationToken);

    internal static async ValueTask RemoveAll(Session session, Identity account, string node) =>
        await session.Execute(RemoveAllSql, account, node);

    private static NodeSubscription Read(DbDataReader row) => new(row.Identity(0), row.Text(1), row.Text(2));
}
