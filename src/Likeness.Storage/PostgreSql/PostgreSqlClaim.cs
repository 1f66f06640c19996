using Npgsql;

namespace Likeness.Storage.PostgreSql;

/// <summary>A role that one process of all on a database has: an advisory lock on a session of its own, taken again when that is lost.</summary>
internal sealed class PostgreSqlClaim : IAsyncDisposable
{
    private const int KeepAliveSeconds = 10;
    private const int MaxHolderLength = 63;
    private const int MaxAttempts = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private const string HolderSql = """
        SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
        WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND (l.classid::bigint << 32 | l.objid::bigint) = hashtextextended(current_schema() || ' ' || $1, 0)
        """;

    private readonly PostgreSqlEngine _engine;
    private readonly string _role;
    private readonly string _holder;
    private readonly Action<string> _lost;
    private readonly CancellationTokenSource _ending = new();
    private Task _holding = Task.CompletedTask;

    private PostgreSqlClaim(PostgreSqlEngine engine, string role, string holder, Action<string> lost)
    {
        _engine = engine;
        _role = role;
        _holder = holder.Length <= MaxHolderLength ? holder : holder[..MaxHolderLength];
        _lost = lost;
    }

    /// <summary>Throws <see cref="RoleTakenException"/> with the name of who has it.</summary>
    /// <param name="lost">Told with the name of another process that took the role while this one was cut off.</param>
    public static async ValueTask<PostgreSqlClaim> Take(PostgreSqlEngine engine, string role, string holder, Action<string> lost, CancellationToken cancellationToken)
    {
        var claim = new PostgreSqlClaim(engine, role, holder, lost);
        try
        {
            claim._holding = claim.Hold(await claim.Lock(cancellationToken));
            return claim;
        }
        catch (NpgsqlException exception)
        {
            throw new StorageException($"PostgreSQL cannot be reached: {exception.Message}", exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _holding;
        _ending.Dispose();
    }

    private async Task<NpgsqlConnection> Lock(CancellationToken cancellationToken)
    {
        var connection = _engine.Separate(_holder, KeepAliveSeconds);
        try
        {
            await connection.OpenAsync(cancellationToken);
            for (var attempt = 1; ; attempt++)
            {
                if (await Ask<bool>(connection, "SELECT pg_try_advisory_lock(hashtextextended(current_schema() || ' ' || $1, 0))", cancellationToken))
                {
                    return connection;
                }

                // A session that is about to end holds the lock a moment longer than its name.
                var named = await Ask<string>(connection, HolderSql, cancellationToken);
                if (named is not null || attempt == MaxAttempts)
                {
                    throw new RoleTakenException(named ?? "another process");
                }

                await Task.Delay(Pause / MaxAttempts, cancellationToken);
            }
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private async Task<T?> Ask<T>(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new NpgsqlParameter { Value = _role } } };
        return (T?)await command.ExecuteScalarAsync(cancellationToken);
    }

    private async Task Hold(NpgsqlConnection held)
    {
        while (!_ending.IsCancellationRequested)
        {
            try
            {
                await using (held)
                {
                    await WaitForItsEnd(held);
                }
            }
            catch (Exception exception) when (exception is NpgsqlException or OperationCanceledException)
            {
                if (await TakeAgain() is not { } again)
                {
                    return;
                }

                held = again;
            }
        }
    }

    private async Task WaitForItsEnd(NpgsqlConnection held)
    {
        try
        {
            // Nothing is ever said here: it ends when the session does.
            while (true)
            {
                await held.WaitAsync(_ending.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // PostgreSQL ends a session only after its socket is closed: who asks at once would still be told that the role is taken.
            using var limit = new CancellationTokenSource(Pause);
            await Ask<bool>(held, "SELECT pg_advisory_unlock(hashtextextended(current_schema() || ' ' || $1, 0))", limit.Token);
            throw;
        }
    }

    private async Task<NpgsqlConnection?> TakeAgain()
    {
        while (!_ending.IsCancellationRequested)
        {
            try
            {
                return await Lock(_ending.Token);
            }
            catch (RoleTakenException taken) when (taken.Holder != _holder)
            {
                _lost(taken.Holder);
                return null;
            }
            catch (Exception exception) when (exception is NpgsqlException or OperationCanceledException or RoleTakenException)
            {
                // Our own dead session may hold it a moment longer.
                await Task.Delay(Pause, _ending.Token).ContinueWith(_ => { }, TaskScheduler.Default);
            }
        }

        return null;
    }
}
