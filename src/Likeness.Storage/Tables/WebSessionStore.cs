using System.Data.Common;
using System.Security.Cryptography;
using Likeness.Accounts;
using Likeness.Stores;

namespace Likeness.Storage.Tables;

internal sealed class WebSessionStore(Engine engine) : IWebSessionStore
{
    private const string Columns = "id, account, browser, network, created, used, means";

    public ValueTask<bool> Add(WebSession session, byte[] hash, byte[] key, int maxSessions, AuditEntry? said, CancellationToken cancellationToken = default) =>
        engine.Write(
            session.Account.Value,
            async open =>
            {
                var stored = await open.First("SELECT sha256_stored_key FROM accounts WHERE account = $1 AND disabled IS NULL", row => row.Bytes(0), session.Account);
                if (stored is null || !stored.AsSpan().SequenceEqual(key))
                {
                    return false;
                }

                await open.Execute(
                    "INSERT INTO web_sessions (id, hash, account, browser, network, created, used, means) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                    session.Id, hash, session.Account, session.Browser, session.Network, session.Created, session.Used, session.Means);
                foreach (var old in (await All(open, session.Account)).Where(one => one.Id != session.Id).Skip(maxSessions - 1))
                {
                    await open.Execute("DELETE FROM web_sessions WHERE id = $1", old.Id);
                }

                return await AuditStore.Told(open, isDone: true, said);
            },
            cancellationToken);

    public async ValueTask<WebSession?> Find(byte[] hash, CancellationToken cancellationToken = default)
    {
        var found = await engine.Read(
            session => session.First($"SELECT {Columns}, hash FROM web_sessions WHERE id = $1", row => new Found(Read(row), row.Bytes(7)), IdOf(hash)),
            cancellationToken);
        return found is not null && CryptographicOperations.FixedTimeEquals(found.Hash, hash) ? found.Session : null;
    }

    public async ValueTask<IReadOnlyList<WebSession>> List(Identity account, CancellationToken cancellationToken = default) =>
        await engine.Read(session => All(session, account), cancellationToken);

    public async ValueTask Used(string id, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        await engine.Write("likeness web sessions", session => session.Execute("UPDATE web_sessions SET used = $2 WHERE id = $1 AND used < $2", id, now), cancellationToken);

    public async ValueTask<bool> Remove(Identity account, string id, CancellationToken cancellationToken = default) =>
        await engine.Write(account.Value, session => session.Execute("DELETE FROM web_sessions WHERE account = $1 AND id = $2", account, id), cancellationToken) > 0;

    public ValueTask<int> RemoveAll(Identity account, string? except = null, CancellationToken cancellationToken = default) =>
        engine.Write(account.Value, session => session.Execute("DELETE FROM web_sessions WHERE account = $1 AND id <> $2", account, except ?? ""), cancellationToken);

    public async ValueTask Prune(DateTimeOffset used, DateTimeOffset created, CancellationToken cancellationToken = default)
    {
        const string condition = "FROM web_sessions WHERE used < $1 OR created < $2";
        if (await engine.Read(session => session.First($"SELECT 1 {condition} LIMIT 1", row => row.Number(0), used, created), cancellationToken) > 0)
        {
            await engine.Write("likeness web sessions", session => session.Execute($"DELETE {condition}", used, created), cancellationToken);
        }
    }

    /// <summary>A password that was changed takes its sessions along.</summary>
    internal static ValueTask<int> RemoveAll(Session session, Identity account) => session.Execute("DELETE FROM web_sessions WHERE account = $1", account);

    private static string IdOf(byte[] hash) => WebSessionToken.IdOf(hash);

    private static ValueTask<List<WebSession>> All(Session session, Identity account) =>
        session.All($"SELECT {Columns} FROM web_sessions WHERE account = $1 ORDER BY used DESC, id", Read, account);

    private static WebSession Read(DbDataReader row) => new(row.Text(0), row.Identity(1), row.Text(2), row.Text(3), row.Time(4), row.Time(5), row.Named<SignInMeans>(6));

    private sealed record Found(WebSession Session, byte[] Hash);
}
