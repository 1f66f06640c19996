using System.Data.Common;
using Likeness.Stores;

namespace Likeness.Storage.Tables;

internal sealed class BesideStore(Engine engine) : IBesideStore
{
    private const int PageSize = 2000;

    private const string Columns =
        "account, server, state, seen, from_vcard, written, written_at, alias, refused, access, visibility, subscribed, local_version, checked, missed, gone";

    private const string FindSql = $"SELECT {Columns} FROM beside_accounts WHERE account = $1";

    private const string HasSql = "SELECT 1 FROM beside_accounts WHERE account = $1 AND state <> 'Gone'";

    private const string PageSql = $"SELECT {Columns} FROM beside_accounts WHERE server = $1 AND account > $2 ORDER BY account LIMIT $3";

    private const string DueSql =
        "SELECT account FROM beside_accounts WHERE server = $1 AND checked < $2 AND state <> 'Gone' ORDER BY checked, account LIMIT $3";

    private const string CountSql = """
        SELECT state, count(*), coalesce(sum(CASE WHEN checked >= $2 THEN 1 ELSE 0 END), 0) FROM beside_accounts WHERE server = $1 GROUP BY state
        """;

    private const string LearnSql = """
        INSERT INTO beside_accounts (account, server, state, from_vcard, subscribed, local_version, checked, missed)
        VALUES ($1, $2, 'New', 0, 0, 0, 0, 0) ON CONFLICT (account) DO NOTHING
        """;

    private const string SaveSql = $"""
        INSERT INTO beside_accounts ({Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
        ON CONFLICT (account) DO UPDATE SET
            server = excluded.server, state = excluded.state, seen = excluded.seen, from_vcard = excluded.from_vcard,
            written = excluded.written, written_at = excluded.written_at, alias = excluded.alias, refused = excluded.refused,
            access = excluded.access, visibility = excluded.visibility, subscribed = excluded.subscribed,
            local_version = excluded.local_version, checked = excluded.checked, missed = excluded.missed, gone = excluded.gone
        """;

    // The page is cut before it is compared, as for webhooks. What came from chats is not brought back there.
    private const string UnwrittenSql = """
        SELECT p.identity, CASE WHEN p.origin <> 'Beside' AND p.version > coalesce(b.local_version, 0) AND (b.account IS NOT NULL OR p.picture IS NOT NULL) THEN 1 ELSE 0 END
        FROM (SELECT identity, origin, version, picture FROM portraits WHERE identity > $1 ORDER BY identity LIMIT $2) p
        LEFT JOIN beside_accounts b ON b.account = p.identity
        ORDER BY p.identity
        """;

    public ValueTask<BesideAccount?> Find(Identity account, CancellationToken cancellationToken = default) =>
        engine.Read(session => session.First(FindSql, Read, account), cancellationToken);

    public ValueTask Save(BesideAccount account, CancellationToken cancellationToken = default) =>
        engine.Write(account.Account.Value, session => Save(session, account), cancellationToken);

    public async ValueTask Remove(Identity account, CancellationToken cancellationToken = default) =>
        await engine.Write(account.Value, session => session.Execute("DELETE FROM beside_accounts WHERE account = $1", account), cancellationToken);

    public ValueTask<int> Learn(string server, IReadOnlyList<Identity> accounts, CancellationToken cancellationToken = default) =>
        engine.Write(
            "likeness beside",
            async session =>
            {
                var learnt = 0;
                foreach (var account in accounts)
                {
                    learnt += await session.Execute(LearnSql, account, server);
                }

                return learnt;
            },
            cancellationToken);

    public async ValueTask<IReadOnlyList<Identity>> Due(string server, DateTimeOffset before, int most, CancellationToken cancellationToken = default) =>
        await engine.Read(session => session.All(DueSql, row => row.Identity(0), server, before, most), cancellationToken);

    public async ValueTask<IReadOnlyList<BesideAccount>> Page(string server, Identity? after, int most, CancellationToken cancellationToken = default) =>
        await engine.Read(session => session.All(PageSql, Read, server, after?.Value ?? "", most), cancellationToken);

    public async ValueTask<UntoldPage> Unwritten(Identity? after, CancellationToken cancellationToken = default)
    {
        var page = await engine.Read(
            session => session.All(UnwrittenSql, row => (Person: row.Identity(0), Waits: row.Number(1) != 0), after?.Value ?? "", PageSize),
            cancellationToken);
        return new UntoldPage([.. page.Where(entry => entry.Waits).Select(entry => entry.Person)], page.Count < PageSize ? null : page[^1].Person);
    }

    public async ValueTask<IReadOnlyList<BesideCount>> Count(string server, DateTimeOffset since, CancellationToken cancellationToken = default) =>
        await engine.Read(
            session => session.All(CountSql, row => new BesideCount(row.Named<BesideState>(0), (int)row.Number(1), (int)Convert.ToInt64(row.GetValue(2), System.Globalization.CultureInfo.InvariantCulture)), server, since),
            cancellationToken);

    /// <summary>The person has an account on a chat server beside this one, which is where it lives.</summary>
    public static async ValueTask<bool> Has(Session session, Identity account) => await session.First(HasSql, row => row.FieldCount, account) > 0;

    public static async ValueTask Save(Session session, BesideAccount account) => await session.Execute(
        SaveSql,
        account.Account,
        account.Server,
        account.State,
        account.Seen,
        account.FromVCard,
        account.Written,
        account.WrittenAt,
        account.Alias,
        account.Refused,
        account.Access,
        account.Visibility,
        account.IsSubscribed,
        account.LocalVersion,
        account.Checked,
        account.Missed,
        account.Gone);

    private static BesideAccount Read(DbDataReader row) => new(row.Identity(0), row.Text(1))
    {
        State = row.Named<BesideState>(2),
        Seen = row.TextOrNull(3),
        FromVCard = row.Flag(4),
        Written = row.TextOrNull(5),
        WrittenAt = row.TimeOrNull(6),
        Alias = row.TextOrNull(7),
        Refused = row.TextOrNull(8),
        Access = row.TextOrNull(9),
        Visibility = row.NamedOrNull<Visibility>(10),
        IsSubscribed = row.Flag(11),
        LocalVersion = row.Number(12),
        Checked = row.Time(13),
        Missed = row.SmallNumber(14),
        Gone = row.TimeOrNull(15),
    };
}
