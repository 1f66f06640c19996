using System.Data.Common;
using Likeness.Accounts;
using Likeness.Stores;

namespace Likeness.Storage.Tables;

internal sealed class InvitationStore(Engine engine) : IInvitationStore
{
    private const string Turn = "likeness invitations";

    private const string Columns = "SELECT id, domain, name, inviter, for_contact, opens_account, made_by, created, expires FROM invitations";

    private const string AddSql = """
        INSERT INTO invitations (id, hash, domain, name, inviter, for_contact, opens_account, made_by, created, expires)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        """;

    private const string CountSql = "SELECT (SELECT count(*) FROM invitations WHERE inviter = $1), (SELECT count(*) FROM invitations)";

    public ValueTask<bool> Add(Invitation invitation, byte[] hash, int maxByInviter, int max, CancellationToken cancellationToken = default) =>
        engine.Write(
            invitation.Inviter?.Value ?? Turn,
            async session =>
            {
                var (own, all) = await session.First(CountSql, row => (row.Number(0), row.Number(1)), invitation.Inviter?.Value ?? "");
                if (own >= maxByInviter || all >= max)
                {
                    return false;
                }

                if (invitation.Inviter is { } inviter)
                {
                    await AccountStore.RefuseGone(session, inviter);
                }

                var (id, domain, name, _, forContact, opensAccount, by, created, expires) = invitation;
                await session.Execute(AddSql, id, hash, domain, name, invitation.Inviter?.Value, forContact, opensAccount, by, created, expires);
                return true;
            },
            cancellationToken);

    public ValueTask<Invitation?> Find(byte[] hash, CancellationToken cancellationToken = default) =>
        engine.Read(session => session.First($"{Columns} WHERE hash = $1 AND id = $2", Read, hash, InvitationToken.IdOf(hash)), cancellationToken);

    public async ValueTask<IReadOnlyList<Invitation>> List(CancellationToken cancellationToken = default) =>
        await engine.Read(session => session.All($"{Columns} ORDER BY created, id", Read), cancellationToken);

    public ValueTask<bool> Remove(string id, CancellationToken cancellationToken = default) =>
        engine.Write(Turn, async session => await session.Execute("DELETE FROM invitations WHERE id = $1", id) > 0, cancellationToken);

    public ValueTask<bool> Reserves(string domain, string name, string? except, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        engine.Read(
            async session => await session.First(
                "SELECT 1 FROM invitations WHERE domain = $1 AND name = $2 AND expires > $3 AND id <> $4", row => row.FieldCount, domain, name, now, except ?? "") > 0,
            cancellationToken);

    public async ValueTask Prune(DateTimeOffset before, CancellationToken cancellationToken = default) =>
        await engine.Write(Turn, session => session.Execute("DELETE FROM invitations WHERE expires < $1", before), cancellationToken);

    /// <summary>Uses it up inside an act.</summary>
    internal static async ValueTask Use(Session session, string id)
    {
        if (await session.Execute("DELETE FROM invitations WHERE id = $1", id) == 0)
        {
            throw new InvitationUsedException();
        }
    }

    private static Invitation Read(DbDataReader row) => new(
        row.Text(0),
        row.Text(1),
        row.TextOrNull(2),
        row.IdentityOrNull(3),
        row.Flag(4),
        row.Flag(5),
        row.Text(6),
        row.Time(7),
        row.Time(8));
}
