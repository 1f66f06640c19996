using System.Data.Common;
using Likeness.Stores;

namespace Likeness.Storage.Tables;

internal sealed class ReportStore(Engine engine) : IReportStore
{
    private const string Columns = "id, person, picture, reason, mail, times, made";

    // One after another: of two reports about the same picture the second one finds the first.
    private const string Turn = "likeness reports";

    public ValueTask<bool> Add(PictureReport report, int maxOpen, CancellationToken cancellationToken = default) =>
        engine.Write(
            Turn,
            async session =>
            {
                var picture = Convert.FromHexString(report.Picture.Hex);
                if (await session.Execute("UPDATE reports SET times = times + 1 WHERE person = $1 AND picture = $2 AND decided IS NULL", report.Person, picture) > 0)
                {
                    return true;
                }

                if (await session.First("SELECT COUNT(*) FROM reports WHERE decided IS NULL", row => row.Number(0)) >= maxOpen)
                {
                    return false;
                }

                await session.Execute(
                    $"INSERT INTO reports ({Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                    report.Id, report.Person, picture, report.Reason, report.Mail, report.Times, report.Made);
                return true;
            },
            cancellationToken);

    public async ValueTask<IReadOnlyList<PictureReport>> Open(int most, IReadOnlyList<string>? domains = null, CancellationToken cancellationToken = default) =>
        await engine.Read(
            session => session.All(
                $"SELECT {Columns} FROM reports WHERE decided IS NULL{DomainRows.Among("person", domains)} ORDER BY made, id LIMIT {most}", Read, DomainRows.Values(domains)),
            cancellationToken);

    public ValueTask<PictureReport?> Find(string id, CancellationToken cancellationToken = default) =>
        engine.Read(session => session.First($"SELECT {Columns} FROM reports WHERE id = $1 AND decided IS NULL", Read, id), cancellationToken);

    public async ValueTask<bool> Decide(string id, string decision, string by, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        await engine.Write(
            Turn,
            session => session.Execute("UPDATE reports SET decided = $2, decided_by = $3, decision = $4 WHERE id = $1 AND decided IS NULL", id, now, by, decision),
            cancellationToken) > 0;

    public async ValueTask Prune(DateTimeOffset before, CancellationToken cancellationToken = default)
    {
        const string condition = "FROM reports WHERE decided < $1";
        if (await engine.Read(session => session.First($"SELECT 1 {condition} LIMIT 1", row => row.Number(0), before), cancellationToken) > 0)
        {
            await engine.Write(Turn, session => session.Execute($"DELETE {condition}", before), cancellationToken);
        }
    }

    private static PictureReport Read(DbDataReader row) =>
        new(row.Text(0), row.Identity(1), row.PictureId(2), row.Text(3), row.TextOrNull(4), row.Number(5), row.Time(6));
}
