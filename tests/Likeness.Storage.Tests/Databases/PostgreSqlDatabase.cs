using Npgsql;

namespace Likeness.Storage.Tests.Databases;

/// <summary>A schema of its own on the tests' server.</summary>
public sealed class PostgreSqlDatabase(PostgreSqlServer server) : TestDatabase
{
    private StorageOptions? _options;

    public override async Task<StorageOptions> Options() => _options ??= await Create();

    public override ValueTask DisposeAsync() => default;

    private async Task<StorageOptions> Create()
    {
        var schema = $"test_{Guid.NewGuid():N}";
        var connection = new NpgsqlConnectionStringBuilder(await server.Connection()) { SearchPath = schema };
        await using var source = NpgsqlDataSource.Create(connection);
        await using var command = source.CreateCommand($"CREATE SCHEMA {schema}");
        await command.ExecuteNonQueryAsync();
        return new StorageOptions { PostgreSql = connection.ConnectionString };
    }
}
