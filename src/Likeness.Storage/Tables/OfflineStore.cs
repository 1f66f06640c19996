using Likeness.Stores;

namespace Likeness.Storage.Tables;

internal sealed class OfflineStore(Engine engine) : IOfflineStore
{
    private const string CountSql = "SELECT count(*) FROM offline_messages WHERE account = $1";

    private const string NumberSql = """
        INSERT INTO offline_queues (account, last_number) VALUES ($1, 1)
        ON CONFLICT (account) DO UPDATE SET last_number = offline_queues.last_number + 1
        RETURNING last_number
        """;

    private const string AddSql = "INSERT INTO offline_messages (account, number, received, xml) VALUES ($1, $2, $3, $4)";

    private const string LoadSql = "SELECT number, received, xml FROM offline_messages WHERE account = $1 ORDER BY number";

    private const string RemoveSql = "DELETE FROM offline_messages WHERE account = $1 AND number <= $2";

    public ValueTask<bool> Add(Identity account, OfflineMessage message, int limit, CancellationToken cancellationToken = default) =>
        AccountStore.Write(
            engine,
            account,
            async session =>
            {
                if (await session.First(CountSql, row => row.Number(0), account) >= limit)
                {
                    return false;
                }

                var number = await session.First(NumberSql, row => row.Number(0), account);
                await session.Execute(AddSql, account, number, message.Received, message.Xml);
                return true;
            },
            cancellationToken);

    public async ValueTask<IReadOnlyList<OfflineMessage>> Load(Identity account, CancellationToken cancellationToken = default) =>
        await engine.Read(
            session => session.All(LoadSql, row => new OfflineMessage(row.Number(0), row.Time(1), row.Text(2)), account),
            cancellationToken);

    public async ValueTask Remove(Identity account, long lastNumber, CancellationToken cancellationToken = default) =>
        await engine.Write(account.Value, session => session.Execute(RemoveSql, account, lastNumber), cancellationToken);
}
