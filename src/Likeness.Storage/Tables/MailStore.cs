using System.Data.Common;
using Likeness.Stores;

namespace Likeness.Storage.Tables;

internal sealed class MailStore(Engine engine) : IMailStore
{
    private const string Columns = "id, kind, account, address, content, network, browser, made, expires, due, tries, error, refused, hash, code, guesses, used";

    // One after another: limits are counted in the rows themselves, and a mail is taken once.
    private const string Turn = "likeness mails";

    private const string AddSql = $"INSERT INTO mails ({Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)";

    private const string PruneCondition = "FROM mails WHERE (expires < $1 AND made < $2 AND (refused IS NULL OR refused < $3))";

    private static readonly TimeSpan CountedFor = TimeSpan.FromHours(1);

    public ValueTask<MailRefusal?> Add(IReadOnlyList<Mail> mails, MailBounds bounds, CancellationToken cancellationToken = default) =>
        engine.Write<MailRefusal?>(
            Turn,
            async session =>
            {
                if (await session.First("SELECT COUNT(*) FROM mails", row => row.Number(0)) + mails.Count > bounds.Kept)
                {
                    return MailRefusal.Full;
                }

                foreach (var (mail, before) in mails.Select((mail, index) => (mail, mails.Take(index).Count(one => one.Address == mail.Address))))
                {
                    if (await session.First("SELECT 1 FROM mail_stops WHERE address = $1 AND until > $2", row => row.Number(0), mail.Address, mail.Made) > 0)
                    {
                        return MailRefusal.Stopped;
                    }

                    var sql = $"SELECT COUNT(*) FROM mails WHERE address = $1 AND made > $2 AND kind {(mail.Kind == MailKind.Notice ? "=" : "<>")} '{Named(MailKind.Notice)}'";
                    if (await session.First(sql, row => row.Number(0), mail.Address, mail.Made - CountedFor) + before >= bounds.PerHour)
                    {
                        return MailRefusal.TooMany;
                    }
                }

                foreach (var mail in mails)
                {
                    await session.Execute(
                        AddSql,
                        mail.Id, Named(mail.Kind), mail.Account, mail.Address, mail.Content, mail.Network, mail.Browser, mail.Made, mail.Expires, mail.Due,
                        mail.Tries, mail.Error, mail.Refused, mail.Hash, mail.Code, mail.Guesses, mail.Used);
                }

                return null;
            },
            cancellationToken);

    public async ValueTask<IReadOnlyList<Mail>> Take(DateTimeOffset now, DateTimeOffset until, int most, CancellationToken cancellationToken = default)
    {
        // Most of the time there is none, and a look writes nothing.
        if (await engine.Read(session => session.First("SELECT 1 FROM mails WHERE due <= $1 LIMIT 1", row => row.Number(0), now), cancellationToken) == 0)
        {
            return [];
        }

        return await engine.Write(
            Turn,
            async session =>
            {
                var mails = await session.All($"SELECT {Columns} FROM mails WHERE due <= $1 ORDER BY due, id LIMIT {most}", Read, now);
                foreach (var mail in mails)
                {
                    await session.Execute("UPDATE mails SET due = $2 WHERE id = $1", mail.Id, until);
                }

                return mails;
            },
            cancellationToken);
    }

    public async ValueTask Going(string id, byte[] hash, byte[]? code, CancellationToken cancellationToken = default) =>
        await engine.Write(Turn, session => session.Execute("UPDATE mails SET hash = $2, code = $3 WHERE id = $1", id, hash, code), cancellationToken);

    public async ValueTask Sent(string id, CancellationToken cancellationToken = default) =>
        await engine.Write(Turn, session => session.Execute("UPDATE mails SET due = NULL, error = NULL WHERE id = $1", id), cancellationToken);

    public async ValueTask PutOff(string id, DateTimeOffset due, string error, CancellationToken cancellationToken = default) =>
        await engine.Write(Turn, session => session.Execute("UPDATE mails SET due = $2, error = $3, tries = tries + 1 WHERE id = $1 AND due IS NOT NULL", id, due, error), cancellationToken);

    public async ValueTask GiveUp(string id, DateTimeOffset now, string error, bool isRefused, CancellationToken cancellationToken = default) =>
        await engine.Write(
            Turn,
            session => session.Execute("UPDATE mails SET due = NULL, error = $2, tries = tries + 1, refused = $3 WHERE id = $1", id, error, isRefused ? now : null),
            cancellationToken);

    public ValueTask<Mail?> Find(string id, CancellationToken cancellationToken = default) =>
        engine.Read(session => session.First($"SELECT {Columns} FROM mails WHERE id = $1", Read, id), cancellationToken);

    public async ValueTask<bool> Use(string id, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        await engine.Write(Turn, session => Mark(session, id, now), cancellationToken) > 0;

    public ValueTask<int> Guessed(string id, CancellationToken cancellationToken = default) =>
        engine.Write(
            Turn,
            async session =>
            {
                await session.Execute("UPDATE mails SET guesses = guesses + 1 WHERE id = $1", id);
                return await session.First("SELECT guesses FROM mails WHERE id = $1", row => row.SmallNumber(0), id);
            },
            cancellationToken);

    public async ValueTask<IReadOnlyList<Mail>> Of(Identity account, MailKind kind, CancellationToken cancellationToken = default) =>
        await engine.Read(
            session => session.All($"SELECT {Columns} FROM mails WHERE account = $1 AND kind = $2 AND used IS NULL ORDER BY made, id", Read, account, Named(kind)),
            cancellationToken);

    public ValueTask<int> Drop(Identity account, MailKind kind, string address, CancellationToken cancellationToken = default) =>
        engine.Write(
            Turn,
            session => session.Execute("UPDATE mails SET used = made, due = NULL WHERE account = $1 AND kind = $2 AND address = $3 AND used IS NULL", account, Named(kind), address),
            cancellationToken);

    public async ValueTask Stop(string address, DateTimeOffset until, CancellationToken cancellationToken = default) =>
        await engine.Write(
            Turn,
            async session =>
            {
                await session.Execute("INSERT INTO mail_stops (address, until) VALUES ($1, $2) ON CONFLICT (address) DO UPDATE SET until = excluded.until", address, until);
                await session.Execute("UPDATE mails SET due = NULL, used = coalesce(used, made) WHERE address = $1", address);
            },
            cancellationToken);

    public async ValueTask<IReadOnlyList<Mail>> Troubled(int most, CancellationToken cancellationToken = default) =>
        await engine.Read(
            session => session.All($"SELECT {Columns} FROM mails WHERE due IS NOT NULL OR error IS NOT NULL ORDER BY made DESC, id LIMIT {most}", Read),
            cancellationToken);

    public async ValueTask Prune(DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        object?[] values = [now, now - CountedFor, now - IMailStore.RefusalKept];
        const string stops = "FROM mail_stops WHERE until < $1";
        if (await engine.Read(
            async session => await session.First($"SELECT 1 {PruneCondition} LIMIT 1", row => row.Number(0), values) + await session.First($"SELECT 1 {stops} LIMIT 1", row => row.Number(0), now),
            cancellationToken) > 0)
        {
            await engine.Write(
                Turn,
                async session =>
                {
                    await session.Execute($"DELETE {PruneCondition}", values);
                    await session.Execute($"DELETE {stops}", now);
                },
                cancellationToken);
        }
    }

    internal static async ValueTask Use(Session session, StoreWrite.UsedMail used)
    {
        if (await Mark(session, used.Id, used.Now) == 0)
        {
            throw new LinkUsedException();
        }
    }

    private static ValueTask<int> Mark(Session session, string id, DateTimeOffset now) =>
        session.Execute("UPDATE mails SET used = $2, due = NULL WHERE id = $1 AND used IS NULL AND expires > $2", id, now);

    private static string Named(MailKind kind) => kind.ToString().ToLowerInvariant();

    private static Mail Read(DbDataReader row) =>
        new(row.Text(0), Enum.Parse<MailKind>(row.Text(1), ignoreCase: true), row.IdentityOrNull(2), row.Text(3), row.Text(4), row.Text(5), row.Time(7), row.Time(8))
        {
            Browser = row.BytesOrNull(6),
            Due = row.TimeOrNull(9),
            Tries = row.SmallNumber(10),
            Error = row.TextOrNull(11),
            Refused = row.TimeOrNull(12),
            Hash = row.BytesOrNull(13),
            Code = row.BytesOrNull(14),
            Guesses = row.SmallNumber(15),
            Used = row.TimeOrNull(16),
        };
}
