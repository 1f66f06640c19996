using System.Data.Common;
using Likeness.Stores;
using Likeness.Xmpp.Sasl;

namespace Likeness.Storage.Tables;

internal sealed class AccountStore(Engine engine) : IAccountStore
{
    private const string FindSql = """
        SELECT account, sha1_salt, sha1_iterations, sha1_stored_key, sha1_server_key,
            sha256_salt, sha256_iterations, sha256_stored_key, sha256_server_key, disabled, disabled_reason
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

    private const string CompleteSql = """
        UPDATE accounts SET {0}_salt = $2, {0}_iterations = $3, {0}_stored_key = $4, {0}_server_key = $5 WHERE account = $1 AND {0}_iterations = 0
        """;

    private const string MarkSql = """
        UPDATE accounts SET
            shows = (CASE WHEN EXISTS (SELECT 1 FROM portraits WHERE identity = $1 AND (picture IS NOT NULL OR master IS NOT NULL)) THEN 1 ELSE 0 END),
            held = (CASE WHEN EXISTS (SELECT 1 FROM portraits WHERE identity = $1 AND lock_since IS NOT NULL) THEN 1 ELSE 0 END)
        WHERE account = $1
        """;

    // There are few roles. SQLite begins with the left side of a CROSS JOIN.
    private const string Held = "(SELECT DISTINCT account FROM roles) held_by CROSS JOIN accounts";

    // The last letter there is: behind everything that begins so.
    private const string Last = "\U0010FFFF";

    private static readonly string[] RemoveSql =
    [
        "DELETE FROM roster WHERE account = $1",
        "DELETE FROM documents WHERE account = $1",
        "DELETE FROM offline_messages WHERE account = $1",
        "DELETE FROM offline_queues WHERE account = $1",
        "DELETE FROM login_tokens WHERE account = $1",
        "DELETE FROM web_sessions WHERE account = $1",
        "DELETE FROM mails WHERE account = $1",
        "DELETE FROM roles WHERE account = $1",
        "DELETE FROM passkeys WHERE account = $1",
        "DELETE FROM provider_identities WHERE account = $1",
        "DELETE FROM second_factors WHERE account = $1",
        "DELETE FROM recovery_codes WHERE account = $1",
        "DELETE FROM profiles WHERE account = $1",
        "DELETE FROM reports WHERE person = $1",
        "DELETE FROM seen WHERE identity = $1",
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
        engine.Write(account.Account.Value, session => Update(session, account), cancellationToken);

    public ValueTask Complete(AccountRecord whole, CancellationToken cancellationToken = default) =>
        engine.Write(
            whole.Account.Value,
            async session =>
            {
                await session.Execute(CompleteSql.Replace("{0}", "sha1", StringComparison.Ordinal), [whole.Account, .. Values(whole.Sha1)]);
                await session.Execute(CompleteSql.Replace("{0}", "sha256", StringComparison.Ordinal), [whole.Account, .. Values(whole.Sha256)]);
            },
            cancellationToken);

    public ValueTask<ScramHashes> Hashes(string domain, CancellationToken cancellationToken = default) =>
        engine.Read(
            async session =>
            {
                var lacking = await session.First(
                    "SELECT coalesce(max(CASE WHEN sha1_iterations = 0 THEN 1 ELSE 0 END), 0), coalesce(max(CASE WHEN sha256_iterations = 0 THEN 1 ELSE 0 END), 0) FROM accounts WHERE domain = $1",
                    row => (Sha1: row.Number(0) == 1, Sha256: row.Number(1) == 1),
                    domain);
                return (lacking.Sha1 ? ScramHashes.None : ScramHashes.Sha1) | (lacking.Sha256 ? ScramHashes.None : ScramHashes.Sha256);
            },
            cancellationToken);

    public ValueTask<bool> Remove(Identity account, CancellationToken cancellationToken = default) =>
        engine.Write(account.Value, session => Remove(session, account), cancellationToken);

    public async ValueTask<IReadOnlyList<Identity>> List(string domain, bool isDisabled = false, CancellationToken cancellationToken = default)
    {
        var sql = "SELECT account FROM accounts WHERE domain = $1" + (isDisabled ? " AND disabled IS NOT NULL" : "");
        var accounts = await engine.Read(session => session.All(sql, row => row.Identity(0), domain), cancellationToken);

        // Sorted here: the order of texts in PostgreSQL depends on how the database was made.
        accounts.Sort((one, other) => string.CompareOrdinal(one.Value, other.Value));
        return accounts;
    }

    public async ValueTask<IReadOnlyList<Identity>> Page(AccountSearch search, string? after, int most, CancellationToken cancellationToken = default) => await engine.Read(
        session => session.All(PageSql(search, after is not null, most), row => row.Identity(0), search.Domain, after ?? search.Begins, search.Begins + Last),
        cancellationToken);

    /// <summary>Values: the domain, whom the page is behind or begins with, and where what is looked for ends.</summary>
    internal string PageSql(AccountSearch search, bool isBehind, int most) => engine.Translate($"""
        SELECT accounts.account FROM {(search.Filter == AccountFilter.Role ? Held : "accounts")}
        WHERE accounts.domain = $1 AND accounts.account COLLATE BINARY {(isBehind ? ">" : ">=")} $2 AND accounts.account COLLATE BINARY < $3{Of(search.Filter)}
        ORDER BY accounts.account COLLATE BINARY LIMIT {most}
        """);

    private static string Of(AccountFilter filter) => filter switch
    {
        AccountFilter.Picture => " AND shows = 1",
        AccountFilter.NoPicture => " AND shows = 0",
        AccountFilter.Locked => " AND held = 1",
        AccountFilter.Disabled => " AND disabled IS NOT NULL",
        AccountFilter.Role => " AND accounts.account = held_by.account",
        _ => "",
    };

    /// <summary>Notes what the portrait is that was just written, where its owner has an account.</summary>
    internal static async ValueTask Mark(Session session, Identity account) => await session.Execute(MarkSql, account);

    internal static async ValueTask Add(Session session, AccountRecord account)
    {
        if (await session.Execute(AddSql, [.. Values(account), account.Account.Domain]) == 0)
        {
            throw new StoreConflictException($"The account {account.Account} exists already.");
        }

        // A picture may have been there before: imported, or of an address.
        await Mark(session, account.Account);
    }

    internal static async ValueTask ChangePassword(Session session, AccountRecord account)
    {
        if (!await Update(session, account))
        {
            throw new AccountGoneException(account.Account);
        }
    }

    internal static async ValueTask Disable(Session session, StoreWrite.Disabling disabling)
    {
        if (await session.Execute("UPDATE accounts SET disabled = $2, disabled_reason = $3 WHERE account = $1", disabling.Person, disabling.Since, disabling.Reason) == 0)
        {
            throw new AccountGoneException(disabling.Person);
        }

        if (disabling.Since is not null)
        {
            await LoginTokenStore.RemoveAll(session, disabling.Person);
            await WebSessionStore.RemoveAll(session, disabling.Person);
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

    private static async ValueTask<bool> Update(Session session, AccountRecord account)
    {
        await LoginTokenStore.RemoveAll(session, account.Account);
        await WebSessionStore.RemoveAll(session, account.Account);
        return await session.Execute(UpdateSql, Values(account)) > 0;
    }

    private static async ValueTask<bool> Remove(Session session, Identity account)
    {
        if (await session.Execute("DELETE FROM accounts WHERE account = $1", account) == 0)
        {
            return false;
        }

        await PortraitRows.Remove(session, account);
        await DraftRows.Remove(session, account);
        await AlbumRows.RemoveAll(session, account);
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

    private static object?[] Values(ScramCredentials? keys) => keys is null
        ? [Array.Empty<byte>(), 0, Array.Empty<byte>(), Array.Empty<byte>()]
        : [keys.Salt, keys.Iterations, keys.StoredKey, keys.ServerKey];

    private static AccountRecord Read(DbDataReader row) => new(row.Identity(0), Keys(row, 1), Keys(row, 5))
    {
        Disabled = row.TimeOrNull(9),
        DisabledReason = row.TextOrNull(10),
    };

    private static ScramCredentials? Keys(DbDataReader row, int column) => row.SmallNumber(column + 1) is > 0 and var iterations
        ? new(row.Bytes(column), iterations, row.Bytes(column + 2), row.Bytes(column + 3))
        : null;
}
