using System.Data.Common;
using Likeness.Stores;
using Likeness.Xmpp.Sasl;

namespace Likeness.Storage.Tables;

internal sealed class AccountStore(Engine engine) : IAccountStore
{
    private const string FindSql = """
        SELECT account, sha1_salt, sha1_iterations, sha1_stored_key, sha1_server_key,
            sha256_salt, sha256_iterations, sha256_stored_key, sha256_server_key
        FROM accounts WHERE account = $1
        """;

    private const string AddSql = """
        INSERT INTO accounts (account, sha1_salt, sha1_iterations, sha1_stored_key, sha1_server_key,
            sha256_salt, sha256_iterations, sha256_stored_key, sha256_server_key, domain)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT (account) DO NOTHING
        """;

    private const string UpdateSql = """
        UPDATE accounts SET sha1_salt = $2, sha1_iterations = $3, sha1_stored_key = $4, sha1_server_key = $5,
            sha256_salt = $6, sha256_iterations = $7, sha256_stored_key = $8, sha256_server_key = $9
        WHERE account = $1
        """;

    private static readonly string[] RemoveSql =
    [
        "DELETE FROM roster WHERE account = $1",
        "DELETE FROM documents WHERE account = $1",
        "DELETE FROM offline_messages WHERE account = $1",
        "DELETE FROM offline_queues WHERE account = $1",
        "DELETE FROM login_tokens WHERE account = $1",
        "DELETE FROM web_sessions WHERE account = $1",
        "DELETE FROM nodes WHERE account = $1",
        "DELETE FROM node_subscriptions WHERE account = $1",
        "DELETE FROM node_subscriptions WHERE subscriber = $1",
        "DELETE FROM push_registrations WHERE account = $1",
        "DELETE FROM invitations WHERE inviter = $1",
        "DELETE FROM room_affiliations WHERE person = $1 AND affiliation <> 'outcast'",
        "DELETE FROM imports WHERE identity = $1",
    ];

    public ValueTask<AccountRecord?> Find(Identity account, CancellationToken cancellationToken = default) =>
        engine.Read(session => session.First(FindSql, Read, account), cancellationToken);

    public ValueTask Add(AccountRecord account, CancellationToken cancellationToken = default) =>
        engine.Write(account.Account.Value, session => Add(session, account), cancellationToken);

    public ValueTask<bool> Update(AccountRecord account, CancellationToken cancellationToken = default) =>
        engine.Write(
            account.Account.Value,
            async session =>
            {
                await LoginTokenStore.RemoveAll(session, account.Account);
                await WebSessionStore.RemoveAll(session, account.Account);
                return await session.Execute(UpdateSql, Values(account)) > 0;
            },
            cancellationToken);

    public ValueTask<bool> Remove(Identity account, CancellationToken cancellationToken = default) =>
        engine.Write(account.Value, session => Remove(session, account), cancellationToken);

    public async ValueTask<IReadOnlyList<Identity>> List(string domain, CancellationToken cancellationToken = default)
    {
        var accounts = await engine.Read(session => session.All("SELECT account FROM accounts WHERE domain = $1", row => row.Identity(0), domain), cancellationToken);

        // Sorted here: the order of texts in PostgreSQL depends on how the database was made.
        accounts.Sort((one, other) => string.CompareOrdinal(one.Value, other.Value));
        return accounts;
    }

    internal static async ValueTask Add(Session session, AccountRecord account)
    {
        if (await session.Execute(AddSql, [.. Values(account), account.Account.Domain]) == 0)
        {
            throw new StoreConflictException($"The account {account.Account} exists already.");
        }
    }

    /// <summary>Nothing may be kept for an account that was removed: the next owner of its name would inherit it. Whoever asks holds the account's turn.</summary>
    internal static async ValueTask RefuseGone(Session session, Identity account)
    {
        if (await session.First("SELECT 1 FROM accounts WHERE account = $1", row => row.Number(0), account) == 0)
        {
            throw new AccountGoneException(account);
        }
    }

    /// <summary>A write for an account that is there.</summary>
    internal static ValueTask<T> Write<T>(Engine engine, Identity account, Func<Session, ValueTask<T>> write, CancellationToken cancellationToken) =>
        engine.Write(
            account.Value,
            async session =>
            {
                await RefuseGone(session, account);
                return await write(session);
            },
            cancellationToken);

    private static async ValueTask<bool> Remove(Session session, Identity account)
    {
        if (await session.Execute("DELETE FROM accounts WHERE account = $1", account) == 0)
        {
            return false;
        }

        await PortraitRows.Remove(session, account);
        await DraftRows.Remove(session, account);
        var hashes = await AddressRows.RemoveAll(session, account);
        foreach (var sql in RemoveSql)
        {
            await session.Execute(sql, account);
        }

        await ArchiveStore.Abandon(session, account.Value);
        await ChangeRows.Add(session, ChangeKind.Portrait, account.Value);
        await ChangeRows.AddAddresses(session, account, hashes);
        await ChangeRows.Add(session, ChangeKind.Account, account.Value);
        return true;
    }

    private static object?[] Values(AccountRecord account) => [account.Account, .. Values(account.Sha1), .. Values(account.Sha256)];

    private static object?[] Values(ScramCredentials keys) => [keys.Salt, keys.Iterations, keys.StoredKey, keys.ServerKey];

    private static AccountRecord Read(DbDataReader row) => new(row.Identity(0), Keys(row, 1), Keys(row, 5));

    private static ScramCredentials Keys(DbDataReader row, int column) =>
        new(row.Bytes(column), row.SmallNumber(column + 1), row.Bytes(column + 2), row.Bytes(column + 3));
}
