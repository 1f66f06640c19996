using Likeness.Stores;

namespace Likeness.Storage.Tables;

internal sealed class ProviderIdentityStore(Engine engine) : IProviderIdentityStore
{
    private const string Columns = "account, issuer, subject, name, since";

    public ValueTask<Identity?> OwnerOf(string issuer, string subject, CancellationToken cancellationToken = default) =>
        engine.Read(session => session.First<Identity?>("SELECT account FROM provider_identities WHERE issuer = $1 AND subject = $2", row => row.Identity(0), issuer, subject), cancellationToken);

    public async ValueTask<IReadOnlyList<ProviderIdentity>> List(Identity account, CancellationToken cancellationToken = default) => await engine.Read(
        session => session.All(
            $"SELECT {Columns} FROM provider_identities WHERE account = $1 ORDER BY since, issuer, subject",
            row => new ProviderIdentity(row.Identity(0), row.Text(1), row.Text(2), row.Text(3), row.Time(4)),
            account),
        cancellationToken);

    public ValueTask<bool> Link(ProviderIdentity identity, int maxIdentities, AuditEntry said, CancellationToken cancellationToken = default) => AccountStore.Write(
        engine,
        identity.Account,
        async session =>
        {
            var isLinked = await session.Execute("UPDATE provider_identities SET name = $4 WHERE account = $1 AND issuer = $2 AND subject = $3", identity.Account, identity.Issuer, identity.Subject, identity.Name) > 0
                || (await session.First("SELECT COUNT(*) FROM provider_identities WHERE account = $1", row => row.Number(0), identity.Account) < maxIdentities
                    && await session.Execute(
                        $"INSERT INTO provider_identities ({Columns}) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (issuer, subject) DO NOTHING",
                        identity.Account, identity.Issuer, identity.Subject, identity.Name, identity.Since) > 0);
            return await AuditStore.Told(session, isLinked, said);
        },
        cancellationToken);

    public ValueTask<bool> Unlink(Identity account, string issuer, string subject, AuditEntry said, CancellationToken cancellationToken = default) => engine.Write(
        account.Value,
        async session => await AuditStore.Told(
            session, await session.Execute("DELETE FROM provider_identities WHERE account = $1 AND issuer = $2 AND subject = $3", account, issuer, subject) > 0, said),
        cancellationToken);
}
