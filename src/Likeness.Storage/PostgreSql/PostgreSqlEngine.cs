using System.Data;
using System.Text.RegularExpressions;
using Likeness.Stores;
using Npgsql;

namespace Likeness.Storage.PostgreSql;

/// <summary>A PostgreSQL database, which may serve several processes; each write is a transaction of its own.</summary>
internal sealed partial class PostgreSqlEngine : Engine
{
    private const int MaxAttempts = 8;
    private readonly NpgsqlDataSource _source;
    private readonly string _connection;
    private readonly string _node = Guid.NewGuid().ToString("n");

    private PostgreSqlEngine(NpgsqlDataSource source, string connection)
    {
        _connection = connection;
        _source = source;
        Changes = new PostgreSqlChangeFeed(this);
    }

    public override int RowsAtOnce => 16;

    public override IChangeFeed Changes { get; }

    public static PostgreSqlEngine Open(string connection)
    {
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(connection) { MaxAutoPrepare = 100, AutoPrepareMinUsages = 2 };
            return new PostgreSqlEngine(NpgsqlDataSource.Create(settings), connection);
        }
        catch (ArgumentException exception)
        {
            throw new StorageException($"The PostgreSQL connection string is not understood: {exception.Message}", exception);
        }
    }

    public override async ValueTask<T> Read<T>(Func<Session, ValueTask<T>> read, CancellationToken cancellationToken)
    {
        await using var connection = await Connect(cancellationToken);
        try
        {
            return await read(new PostgreSqlSession(connection, _node, cancellationToken));
        }
        catch (NpgsqlException exception)
        {
            throw new StorageException($"The database could not be read: {exception.Message}", exception);
        }
    }

    public override async ValueTask<T> Write<T>(string turn, Func<Session, ValueTask<T>> write, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await WriteOnce(turn, write, cancellationToken);
            }
            catch (PostgresException exception) when (attempt < MaxAttempts && exception.SqlState == PostgresErrorCodes.DeadlockDetected)
            {
                // The other transaction has ended when this one is told, so there is nothing to wait for.
            }
            catch (PostgresException exception) when (exception.SqlState.StartsWith("23", StringComparison.Ordinal))
            {
                throw new StoreConflictException(exception.MessageText);
            }
            catch (NpgsqlException exception)
            {
                throw new StorageException($"The change was not stored: {exception.Message}", exception) { IsFull = exception.SqlState == PostgresErrorCodes.DiskFull };
            }
        }
    }

    public override async ValueTask<IAsyncDisposable> Claim(string role, string holder, Action<string> lost, CancellationToken cancellationToken) =>
        await PostgreSqlClaim.Take(this, role, holder, lost, cancellationToken);

    /// <summary>A connection outside the pool, for what lasts.</summary>
    public NpgsqlConnection Separate(string name, int keepAliveSeconds) => new(new NpgsqlConnectionStringBuilder(_connection)
    {
        ApplicationName = name,
        KeepAlive = keepAliveSeconds,
        Pooling = false,
    }.ConnectionString);

    public override async Task Snapshot(Func<Session, Task> read, CancellationToken cancellationToken)
    {
        await using var connection = await Connect(cancellationToken);
        try
        {
            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
            await read(new PostgreSqlSession(connection, _node, cancellationToken));
        }
        catch (NpgsqlException exception)
        {
            throw new StorageException($"The database could not be read: {exception.Message}", exception);
        }
    }

    /// <summary>PostgreSQL calls a BLOB <c>bytea</c>, takes the bytes of a text and their order by names of its own, and clusters no tables.</summary>
    public override string Translate(string script) => TextAsBytes().Replace(BytesOfText().Replace(script, "octet_length(${column})"), "convert_to(${column}, 'UTF8')")
        .Replace(" BLOB", " bytea", StringComparison.Ordinal)
        .Replace(" COLLATE BINARY", " COLLATE \"C\"", StringComparison.Ordinal)
        .Replace(" WITHOUT ROWID", "", StringComparison.Ordinal);

    [GeneratedRegex(@"length\(CAST\((?<column>\w+) AS BLOB\)\)", RegexOptions.ExplicitCapture)]
    private static partial Regex BytesOfText();

    [GeneratedRegex(@"CAST\((?<column>\w+) AS BLOB\)", RegexOptions.ExplicitCapture)]
    private static partial Regex TextAsBytes();

    public override ValueTask DisposeAsync() => _source.DisposeAsync();

    private async Task<T> WriteOnce<T>(string turn, Func<Session, ValueTask<T>> write, CancellationToken cancellationToken)
    {
        await using var connection = await Connect(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
        var session = new PostgreSqlSession(connection, _node, cancellationToken);
        await session.Turn(turn);
        var result = await write(session);

        // Cancelled in the middle of a commit nobody would know whether it happened.
        await transaction.CommitAsync(CancellationToken.None);
        return result;
    }

    private async Task<NpgsqlConnection> Connect(CancellationToken cancellationToken)
    {
        try
        {
            return await _source.OpenConnectionAsync(cancellationToken);
        }
        catch (NpgsqlException exception)
        {
            throw new StorageException($"PostgreSQL cannot be reached: {exception.Message}", exception);
        }
    }
}
