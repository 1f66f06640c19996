using System.Text;
using Likeness.Stores;

namespace Likeness.Storage.Tables;

internal sealed class OfflineStore(Engine engine) : IOfflineStore
{
    private const int MaxPage = 100;

    // One statement: what it finds full it leaves alone, and gives no number.
    private const string NumberSql = """
        INSERT INTO offline_queues (account, last_number, waiting, bytes) VALUES ($1, 1, 1, $2)
        ON CONFLICT (account) DO UPDATE SET
            last_number = offline_queues.last_number + 1, waiting = offline_queues.waiting + 1, bytes = offline_queues.bytes + $2
            WHERE offline_queues.waiting < $3 AND offline_queues.bytes + $2 <= $4
        RETURNING last_number
        """;

    private const string AddSql = "INSERT INTO offline_messages (account, number, received, xml, bytes) VALUES ($1, $2, $3, $4, $5)";

    private const string SizesSql = "SELECT number, bytes FROM offline_messages WHERE account = $1 AND number > $2 ORDER BY number LIMIT $3";

    private const string LoadSql = """
        SELECT number, received, xml FROM offline_messages WHERE account = $1 AND number > $2 AND number <= $3 ORDER BY number
        """;

    private const string SizeSql = "SELECT count(*), coalesce(sum(bytes), 0) FROM offline_messages WHERE account = $1 AND number <= $2";

    private const string RemoveSql = "DELETE FROM offline_messages WHERE account = $1 AND number <= $2";

    private const string RemovedSql = "UPDATE offline_queues SET waiting = waiting - $2, bytes = bytes - $3 WHERE account = $1";

    public ValueTask<bool> Add(Identity account, OfflineMessage message, int maxMessages, long maxBytes, CancellationToken cancellationToken = default)
    {
        long bytes = Encoding.UTF8.GetByteCount(message.Xml);
        return maxMessages < 1 || bytes > maxBytes ? new(false) : AccountStore.Write(engine, account, Add, cancellationToken);

        async ValueTask<bool> Add(Session session)
        {
            var number = await session.First(NumberSql, row => row.Number(0), account, bytes, (long)maxMessages, maxBytes);
            return number > 0 && await session.Execute(AddSql, account, number, message.Received, message.Xml, bytes) > 0;
        }
    }

    public ValueTask<IReadOnlyList<OfflineMessage>> Load(Identity account, long after, long maxBytes, CancellationToken cancellationToken = default) =>
        engine.Read<IReadOnlyList<OfflineMessage>>(
            async session =>
            {
                var last = after;
                var room = maxBytes;
                foreach (var (number, bytes) in await session.All(SizesSql, row => (row.Number(0), row.Number(1)), account, after, MaxPage))
                {
                    room -= bytes;
                    if (room < 0 && last > after)
                    {
                        break;
                    }

                    last = number;
                }

                return last == after
                    ? []
                    : await session.All(LoadSql, row => new OfflineMessage(row.Number(0), row.Time(1), row.Text(2)), account, after, last);
            },
            cancellationToken);

    public async ValueTask Remove(Identity account, long lastNumber, CancellationToken cancellationToken = default) =>
        await engine.Write(
            account.Value,
            async session =>
            {
                var (messages, bytes) = await session.First(SizeSql, row => (row.Number(0), row.Number(1)), account, lastNumber);
                await session.Execute(RemoveSql, account, lastNumber);
                return await session.Execute(RemovedSql, account, messages, bytes);
            },
            cancellationToken);
}
