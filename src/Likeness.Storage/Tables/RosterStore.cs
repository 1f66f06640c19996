using System.Data.Common;
using Likeness.Stores;

namespace Likeness.Storage.Tables;

internal sealed class RosterStore(Engine engine) : IRosterStore
{
    private const string LoadSql = """
        SELECT contact, name, subscription, asking, pending_in, listed, contact_groups, approved FROM roster WHERE account = $1
        """;

    private const string SaveSql = """
        INSERT INTO roster (account, contact, name, subscription, asking, pending_in, listed, contact_groups, approved)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT (account, contact) DO UPDATE SET
            name = excluded.name, subscription = excluded.subscription, asking = excluded.asking,
            pending_in = excluded.pending_in, listed = excluded.listed, contact_groups = excluded.contact_groups,
            approved = excluded.approved
        """;

    public async ValueTask<IReadOnlyList<RosterRecord>> Load(Identity account, CancellationToken cancellationToken = default) =>
        await engine.Read(session => session.All(LoadSql, Read, account), cancellationToken);

    public async ValueTask Save(Identity account, RosterRecord item, CancellationToken cancellationToken = default) =>
        await AccountStore.Write(
            engine,
            account,
            session => session.Execute(
                SaveSql,
                account,
                item.Contact,
                item.Name,
                item.Subscription,
                item.Asking,
                item.PendingIn,
                item.Listed,
                Json.Of(item.Groups),
                item.Approved),
            cancellationToken);

    public async ValueTask Remove(Identity account, string contact, CancellationToken cancellationToken = default) =>
        await engine.Write(
            account.Value,
            session => session.Execute("DELETE FROM roster WHERE account = $1 AND contact = $2", account, contact),
            cancellationToken);

    private static RosterRecord Read(DbDataReader row) => new(
        row.Text(0),
        row.TextOrNull(1),
        row.SmallNumber(2),
        row.Flag(3),
        row.TextOrNull(4),
        row.Flag(5),
        Json.Texts(row.TextOrNull(6)),
        row.Flag(7));
}
