using System.Data.Common;
using Likeness.Stores;

namespace Likeness.Storage.Tables;

internal sealed class LoginTokenStore(Engine engine) : ILoginTokenStore
{
    private const string Columns = """
        account, client, software, device, mechanism, token, issued, expires, next_mechanism, next_token, next_issued, next_expires
        """;

    private const string SaveSql = $"""
        INSERT INTO login_tokens ({Columns}, latest) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        ON CONFLICT (account, client) DO UPDATE SET software = excluded.software, device = excluded.device,
            mechanism = excluded.mechanism, token = excluded.token, issued = excluded.issued, expires = excluded.expires,
            next_mechanism = excluded.next_mechanism, next_token = excluded.next_token, next_issued = excluded.next_issued,
            next_expires = excluded.next_expires, latest = excluded.latest
        """;

    private const string RemoveSql = "DELETE FROM login_tokens WHERE account = $1 AND client = $2";

    public ValueTask<ClientTokens?> Find(Identity account, string client, CancellationToken cancellationToken = default) =>
        engine.Read(session => Find(session, account, client), cancellationToken);

    public async ValueTask<IReadOnlyList<ClientTokens>> List(Identity account, CancellationToken cancellationToken = default) =>
        await engine.Read(session => All(session, account), cancellationToken);

    public ValueTask<bool> Save(ClientTokens tokens, byte[] key, bool isUsed, int maxClients, CancellationToken cancellationToken = default) =>
        engine.Write(
            tokens.Account.Value,
            async session =>
            {
                var stored = await session.First("SELECT sha256_stored_key FROM accounts WHERE account = $1 AND disabled IS NULL", row => row.Bytes(0), tokens.Account);
                if (stored is null || !stored.AsSpan().SequenceEqual(key) || (isUsed && await Find(session, tokens.Account, tokens.Client) is null))
                {
                    return false;
                }

                var latest = tokens.Next?.Expires ?? tokens.Current?.Expires ?? default;
                await session.Execute(SaveSql, [tokens.Account, tokens.Client, tokens.Software, tokens.Device, .. Values(tokens.Current), .. Values(tokens.Next), latest]);
                foreach (var old in (await All(session, tokens.Account)).Where(one => one.Client != tokens.Client).Skip(maxClients - 1))
                {
                    await session.Execute(RemoveSql, tokens.Account, old.Client);
                }

                return true;
            },
            cancellationToken);

    public async ValueTask Remove(Identity account, string client, CancellationToken cancellationToken = default) =>
        await engine.Write(account.Value, session => session.Execute(RemoveSql, account, client), cancellationToken);

    public ValueTask<int> RemoveAll(Identity account, CancellationToken cancellationToken = default) =>
        engine.Write(account.Value, session => RemoveAll(session, account), cancellationToken);

    public async ValueTask Prune(DateTimeOffset before, CancellationToken cancellationToken = default)
    {
        const string condition = "FROM login_tokens WHERE latest < $1";
        if (await engine.Read(session => session.First($"SELECT 1 {condition} LIMIT 1", row => row.Number(0), before), cancellationToken) > 0)
        {
            await engine.Write("likeness login tokens", session => session.Execute($"DELETE {condition}", before), cancellationToken);
        }
    }

    /// <summary>A password that was changed takes its tokens along.</summary>
    internal static ValueTask<int> RemoveAll(Session session, Identity account) => session.Execute("DELETE FROM login_tokens WHERE account = $1", account);

    private static ValueTask<ClientTokens?> Find(Session session, Identity account, string client) =>
        session.First($"SELECT {Columns} FROM login_tokens WHERE account = $1 AND client = $2", Read, account, client);

    private static ValueTask<List<ClientTokens>> All(Session session, Identity account) =>
        session.All($"SELECT {Columns} FROM login_tokens WHERE account = $1 ORDER BY latest DESC, client", Read, account);

    private static object?[] Values(SealedToken? token) => [token?.Mechanism, token?.Bytes, token?.Issued, token?.Expires];

    private static ClientTokens Read(DbDataReader row) =>
        new(row.Identity(0), row.Text(1), row.TextOrNull(2), row.TextOrNull(3), Token(row, 4), Token(row, 8));

    private static SealedToken? Token(DbDataReader row, int column) =>
        row.TextOrNull(column) is { } mechanism ? new SealedToken(mechanism, row.Bytes(column + 1), row.Time(column + 2), row.Time(column + 3)) : null;
}
