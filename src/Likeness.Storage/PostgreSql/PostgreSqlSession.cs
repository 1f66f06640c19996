using System.Data.Common;
using Npgsql;

namespace Likeness.Storage.PostgreSql;

/// <summary>A pooled connection while one read or write has it. Npgsql prepares the statements that come again.</summary>
internal sealed class PostgreSqlSession(NpgsqlConnection connection, string node, CancellationToken cancellationToken) : Session
{
    public override string? Node => node;

    protected override CancellationToken Cancellation => cancellationToken;

    public override async ValueTask Run(string script)
    {
        // What changes a table of a million rows takes longer than any statement of a request.
        await using var command = new NpgsqlCommand(script, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public override async ValueTask Turn(string turn) => await Execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", turn);

    public override async ValueTask Reserve(string sql, params object?[] values) => await Execute(sql + " FOR UPDATE", values);

    protected override DbCommand Rent(string sql, object?[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = SqlValue.Of(value) });
        }

        return command;
    }

    protected override void Return(DbCommand command) => command.Dispose();
}
