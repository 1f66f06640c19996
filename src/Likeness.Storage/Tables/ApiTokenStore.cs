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

    public ValueTask Add(ApiToken token, byte[] hash, CancellationToken cancellationToken = default) =>
        engine.Write(
            "likeness tokens",
            async session =>
            {
                if (await session.Execute(AddSql, hash, token.Name, Json.Of(token.Domains), token.ReadOnly, token.Created, token.Expires) == 0)
                {
                    throw new StoreConflictException($"The token {token.Name} exists already.");
                }
            },
            cancellationToken);

    public ValueTask<ApiToken?> Find(byte[] hash, CancellationToken cancellationToken = default) =>
        engine.Read(session => session.First($"SELECT {Columns} FROM api_tokens WHERE hash = $1", Read, hash), cancellationToken);

    public async ValueTask<IReadOnlyList<ApiToken>> List(CancellationToken cancellationToken = default)
    {
        var tokens = await engine.Read(session => session.All($"SELECT {Columns} FROM api_tokens", Read), cancellationToken);
        tokens.Sort((one, other) => string.CompareOrdinal(one.Name, other.Name));
        return tokens;
    }

    public ValueTask<bool> Remove(string name, CancellationToken cancellationToken = default) =>
        engine.Write("likeness tokens", async session => await session.Execute("DELETE FROM api_tokens WHERE name = $1", name) > 0, cancellationToken);

    public async ValueTask Used(string name, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        await engine.Write("likeness tokens", session => session.Execute(UsedSql, name, now), cancellationToken);

    private static ApiToken Read(DbDataReader row) => new(
        row.Text(0),
        Json.Texts(row.TextOrNull(1)),
        row.Flag(2),
        row.Time(3),
        row.TimeOrNull(4),
        row.TimeOrNull(5));
}
