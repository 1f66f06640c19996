using System.Data.Common;
using Likeness.Stores;

namespace Likeness.Storage.Tables;

internal sealed class RoomStore(Engine engine) : IRoomStore
{
    private const string FindSql = """
        SELECT room, title, listed, configuration, occupant_key, creator, created, subject, subject_by, subject_set, vcard FROM rooms WHERE room = $1
        """;

    private const string AffiliationsSql = "SELECT person, affiliation, nick, reason FROM room_affiliations WHERE room = $1";

    private const string SaveSql = """
        INSERT INTO rooms (room, service, title, listed, configuration, occupant_key, creator, created, subject, subject_by, subject_set, vcard)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        ON CONFLICT (room) DO UPDATE SET
            title = excluded.title, listed = excluded.listed, configuration = excluded.configuration,
            subject = excluded.subject, subject_by = excluded.subject_by, subject_set = excluded.subject_set, vcard = excluded.vcard
        """;

    private const string SaveAffiliationSql = """
        INSERT INTO room_affiliations (room, person, affiliation, nick, reason) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (room, person) DO UPDATE SET affiliation = excluded.affiliation, nick = excluded.nick, reason = excluded.reason
        """;

    private const string SaveDestroyedSql = """
        INSERT INTO destroyed_rooms (room, until, alternate, reason) VALUES ($1, $2, $3, $4)
        ON CONFLICT (room) DO UPDATE SET until = excluded.until, alternate = excluded.alternate, reason = excluded.reason
        """;

    public ValueTask<StoredRoom?> Find(string room, CancellationToken cancellationToken = default) =>
        engine.Read(
            async session => await session.First(FindSql, ReadRoom, room) is { } record
                ? new StoredRoom(record, await session.All(AffiliationsSql, row => new RoomAffiliation(row.Text(0), row.Text(1), row.TextOrNull(2), row.TextOrNull(3)), room))
                : null,
            cancellationToken);

    public ValueTask Save(RoomRecord room, IReadOnlyList<RoomAffiliation> changed, CancellationToken cancellationToken = default) =>
        engine.Write(room.Room, session => Save(session, room, changed), cancellationToken);

    public ValueTask<bool> Remove(string room, DestroyedRoom? left, CancellationToken cancellationToken = default) =>
        engine.Write(
            room,
            async session =>
            {
                if (left is not null)
                {
                    await session.Execute("DELETE FROM destroyed_rooms WHERE until < $1", left.Until.AddDays(-30));
                    await session.Execute(SaveDestroyedSql, room, left.Until, left.Alternate, left.Reason);
                }

                await ArchiveStore.Abandon(session, room);
                return await session.Execute("DELETE FROM rooms WHERE room = $1", room) > 0;
            },
            cancellationToken);

    public ValueTask<DestroyedRoom?> FindDestroyed(string room, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        engine.Read(
            session => session.First(
                "SELECT until, alternate, reason FROM destroyed_rooms WHERE room = $1 AND until > $2",
                row => new DestroyedRoom(row.Time(0), row.TextOrNull(1), row.TextOrNull(2)),
                room,
                now),
            cancellationToken);

    public ValueTask<IReadOnlyList<RoomSummary>> List(string service, bool isListed, string? after, int most, CancellationToken cancellationToken = default) =>
        engine.Read<IReadOnlyList<RoomSummary>>(
            async session => await session.All(
                "SELECT room, title, listed FROM rooms WHERE service = $1 AND listed >= $2 AND room > $3 ORDER BY room LIMIT $4",
                row => new RoomSummary(row.Text(0), row.Text(1), row.Flag(2)),
                service,
                isListed,
                after ?? "",
                most),
            cancellationToken);

    public ValueTask<long> Count(string service, bool isListed, CancellationToken cancellationToken = default) =>
        engine.Read(
            session => session.First("SELECT count(*) FROM rooms WHERE service = $1 AND listed >= $2", row => row.Number(0), service, isListed),
            cancellationToken);

    public ValueTask<long> CountOf(Identity creator, CancellationToken cancellationToken = default) =>
        engine.Read(session => session.First("SELECT count(*) FROM rooms WHERE creator = $1", row => row.Number(0), creator), cancellationToken);

    internal static async ValueTask Save(Session session, RoomRecord room, IReadOnlyList<RoomAffiliation> changed)
    {
        await session.Execute(
            SaveSql,
            room.Room, ServiceOf(room.Room), room.Title, room.IsListed, room.Configuration, room.OccupantKey, room.Creator, room.Created,
            room.Subject, room.SubjectBy, room.SubjectSet, room.VCard);
        await session.Execute("DELETE FROM destroyed_rooms WHERE room = $1", room.Room);
        foreach (var (person, affiliation, nick, reason) in changed)
        {
            _ = affiliation is null
                ? await session.Execute("DELETE FROM room_affiliations WHERE room = $1 AND person = $2", room.Room, person)
                : await session.Execute(SaveAffiliationSql, room.Room, person, affiliation, nick, reason);
        }
    }

    private static string ServiceOf(string room) => room[(room.IndexOf('@', StringComparison.Ordinal) + 1)..];

    private static RoomRecord ReadRoom(DbDataReader row) =>
        new(row.Text(0), row.Text(1), row.Flag(2), row.Text(3), row.Bytes(4), row.Identity(5), row.Time(6))
        {
            Subject = row.TextOrNull(7),
            SubjectBy = row.TextOrNull(8),
            SubjectSet = row.TimeOrNull(9),
            VCard = row.TextOrNull(10),
        };
}
