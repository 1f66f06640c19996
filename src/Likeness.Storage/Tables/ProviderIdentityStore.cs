using Likeness.Stores;

namespace Likeness.Storage.Tables;

internal sealed class ProviderIdentityStore(Engine engine) : IProviderIdentityStore
{
    private const string Columns = "account, issuer, subject, name, since, picture";

    private const string AddSql = $"INSERT INTO provider_identities ({Columns}) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (issuer, subject) DO NOTHING";

    private const string SeenSql = "UPDATE provider_identities SET name = $4, picture = $5 WHERE account = $1 AND issuer = $2 AND subject = $3";

    public ValueTask<Identity?> OwnerOf(string issuer, string subject, CancellationToken cancellationToken = default) =>
        engine.Read(session => session.First<Identity?>("SELECT account FROM provider_identities WHERE issuer = $1 AND subject = $2", row => row.Identity(0), issuer, subject), cancellationToken);

    public async ValueTask<IReadOnlyList<ProviderIdentity>> List(Identity account, CancellationToken cancellationToken = default) => await engine.Read(
        session => session.All(
            $"SELECT {Columns} FROM provider_identities WHERE account = $1 ORDER BY since, issuer, subject",
            row => new ProviderIdentity(row.Identity(0), row.Text(1), row.Text(2), row.Text(3), row.Time(4), row.TextOrNull(5)),
            account),
        cancellationToken);

    public ValueTask<bool> Link(ProviderIdentity identity, int maxIdentities, AuditEntry said, CancellationToken cancellationToken = default) => AccountStore.Write(
        engine,
        identity.Account,
        async session =>
        {
            var isLinked = await Renew(session, identity) > 0
                || (await session.First("SELECT COUNT(*) FROM provider_identities WHERE account = $1", row => row.Number(0), identity.Account) < maxIdentities
                    && await Insert(session, identity) > 0);
            return await AuditStore.Told(session, isLinked, said);
        },
        cancellationToken);

    public async ValueTask Seen(ProviderIdentity identity, CancellationToken cancellationToken = default) =>
        await engine.Write(identity.Account.Value, session => Renew(session, identity), cancellationToken);

    public ValueTask<bool> Unlink(Identity account, string issuer, string subject, AuditEntry said, CancellationToken cancellationToken = default) => engine.Write(
        account.Value,
        async session => await AuditStore.Told(
            session, await session.Execute("DELETE FROM provider_identities WHERE account = $1 AND issuer = $2 AND subject = $3", account, issuer, subject) > 0, said),
        cancellationToken);

    internal static async ValueTask Add(Session session, ProviderIdentity identity)
    {
        if (await Insert(session, identity) == 0)
        {
            throw new LinkUsedException();
        }
    }

    private static ValueTask<int> Insert(Session session, ProviderIdentity identity) =>
        session.Execute(AddSql, identity.Account, identity.Issuer, identity.Subject, identity.Name, identity.Since, identity.Picture);

    private static ValueTask<int> Renew(Session session, ProviderIdentity identity) =>
        session.Execute(SeenSql, identity.Account, identity.Issuer, identity.Subject, identity.Name, identity.Picture);
}
