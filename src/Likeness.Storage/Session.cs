using System.Data.Common;

namespace Likeness.Storage;

/// <summary>A connection while one read or write has it. On SQLite every call has completed when it returns.</summary>
internal abstract class Session
{
    protected virtual CancellationToken Cancellation => default;

    /// <summary>The process among several on one database; null where there is one only.</summary>
    public virtual string? Node => null;

    /// <summary>Runs one statement; <c>$1</c> is the first value. Returns the rows changed.</summary>
    public async ValueTask<int> Execute(string sql, params object?[] values)
    {
        var command = Rent(sql, values);
        try
        {
            return await command.ExecuteNonQueryAsync(Cancellation);
        }
        finally
        {
            Return(command);
        }
    }

    /// <summary>Runs one statement with each of these values; for thousands of them.</summary>
    public virtual async ValueTask ForEach(string sql, IEnumerable<object?[]> values)
    {
        foreach (var one in values)
        {
            await Execute(sql, one);
        }
    }

    /// <summary>The first row, or the default of <typeparamref name="T"/> when there is none.</summary>
    public async ValueTask<T?> First<T>(string sql, Func<DbDataReader, T> row, params object?[] values)
    {
        var command = Rent(sql, values);
        try
        {
            await using var reader = await command.ExecuteReaderAsync(Cancellation);
            return await reader.ReadAsync(Cancellation) ? row(reader) : default;
        }
        finally
        {
            Return(command);
        }
    }

    public ValueTask<List<T>> All<T>(string sql, Func<DbDataReader, T> row, params object?[] values) =>
        While(sql, row, static _ => true, values);

    /// <summary>The rows before the first one that is not taken; what comes behind is not read.</summary>
    public async ValueTask<List<T>> While<T>(string sql, Func<DbDataReader, T> row, Func<T, bool> isTaken, params object?[] values)
    {
        var command = Rent(sql, values);
        try
        {
            await using var reader = await command.ExecuteReaderAsync(Cancellation);
            var rows = new List<T>();
            while (await reader.ReadAsync(Cancellation) && row(reader) is var next && isTaken(next))
            {
                rows.Add(next);
            }

            return rows;
        }
        finally
        {
            Return(command);
        }
    }

    /// <summary>Every row in turn; no more than one is in memory.</summary>
    public async ValueTask Each(string sql, Func<DbDataReader, ValueTask> row, params object?[] values)
    {
        var command = Rent(sql, values);
        try
        {
            await using var reader = await command.ExecuteReaderAsync(Cancellation);
            while (await reader.ReadAsync(Cancellation))
            {
                await row(reader);
            }
        }
        finally
        {
            Return(command);
        }
    }

    /// <summary>Runs several statements without values, however long they take.</summary>
    public abstract ValueTask Run(string script);

    /// <summary>The rows of this query are this transaction's until it ends. Where there is one writer they are anyway.</summary>
    public virtual ValueTask Reserve(string sql, params object?[] values) => default;

    /// <summary>From here to its end this transaction runs after others that took the same turn. Where there is one writer it does anyway.</summary>
    public virtual ValueTask Turn(string turn) => default;

    protected abstract DbCommand Rent(string sql, object?[] values);

    protected abstract void Return(DbCommand command);
}
