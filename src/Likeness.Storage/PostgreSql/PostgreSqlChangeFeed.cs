using Likeness.Storage.Tables;
using Likeness.Stores;
using Npgsql;

namespace Likeness.Storage.PostgreSql;

/// <summary>The table of changes; a notification only says that it is worth looking.</summary>
internal sealed class PostgreSqlChangeFeed(PostgreSqlEngine engine) : IChangeFeed
{
    private const int KeepAliveSeconds = 10;

    public bool IsShared => true;

    public ValueTask<long> Last(CancellationToken cancellationToken = default) => engine.Read(ChangeRows.Last, cancellationToken);

    public ValueTask<ChangePage> Read(long after, int most, CancellationToken cancellationToken = default) =>
        engine.Read(session => ChangeRows.Read(session, after, most), cancellationToken);

    public async Task Listen(Action hint, CancellationToken cancellationToken)
    {
        try
        {
            // A session of its own, held for as long as it lasts: what a pool lends listens to nothing.
            await using var connection = engine.Separate("likeness change feed", KeepAliveSeconds);
            connection.Notification += (_, _) => hint();
            await connection.OpenAsync(cancellationToken);
            await using (var listen = new NpgsqlCommand($"LISTEN {ChangeRows.Channel}", connection))
            {
                await listen.ExecuteNonQueryAsync(cancellationToken);
            }

            hint();
            while (true)
            {
                await connection.WaitAsync(cancellationToken);
            }
        }
        catch (NpgsqlException exception)
        {
            throw new StorageException($"The connection that hears of changes is lost: {exception.Message}", exception);
        }
    }

    public ValueTask Prune(DateTimeOffset now, CancellationToken cancellationToken = default) =>
        engine.Write("likeness changes", session => ChangeRows.Prune(session, now - IChangeFeed.Kept), cancellationToken);
}
