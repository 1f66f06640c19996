using System.Data.Common;
using Likeness.Stores;

namespace Likeness.Storage.Tables;

internal sealed class ApiTokenStore(Engine engine) : IApiTokenStore
{
    private const string Columns = "name, domains, read_only, created, expires, last_used";

    private const string AddSql = """
        INSERT INTO api_tokens (hash, name, domains, read_only, created, expires) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT DO NOTHING
        """;

    private const string UsedSql = "UPDATE api_tokens SET last_used = $2 WHERE name = $1 AND (last_used IS NULL OR last_used < $2)";

    public ValueTask Add(ApiToken token, byte[] hash, CancellationToken cancellation = default) =>
        engine.Write(
            "likeness tokens",
            async session =>
            {
                if (await session.Execute(AddSql, hash, token.Name, Json.Of(token.Domains), token.ReadOnly, token.Created, token.Expires) == 0)
                {
                    throw new StoreConflictException($"The token {token.Name} exists already.");
                }
            },
            cancellation);

    public ValueTask<ApiToken?> Find(byte[] hash, CancellationToken cancellation = default) =>
        engine.Read(session => session.First($"SELECT {Columns} FROM api_tokens WHERE hash = $1", Read, hash), cancellation);

    public async ValueTask<IReadOnlyList<ApiToken>> List(CancellationToken cancellation = default)
    {
        var tokens = await engine.Read(session => session.All($"SELECT {Columns} FROM api_tokens", Read), cancellation);
        tokens.Sort((one, other) => string.CompareOrdinal(one.Name, other.Name));
        return tokens;
    }

    public ValueTask<bool> Remove(string name, CancellationToken cancellation = default) =>
        engine.Write("likeness tokens", async session => await session.Execute("DELETE FROM api_tokens WHERE name = $1", name) > 0, cancellation);

    public async ValueTask Used(string name, DateTimeOffset now, CancellationToken cancellation = default) =>
        await engine.Write("likeness tokens", session => session.Execute(UsedSql, name, now), cancellation);

    private static ApiToken Read(DbDataReader row) => new(
        row.Text(0),
        Json.Texts(row.TextOrNull(1)),
        row.Flag(2),
        row.Time(3),
        row.IsDBNull(4) ? null : row.Time(4),
        row.IsDBNull(5) ? null : row.Time(5));
}
