using System.Data.Common;
using Likeness.Stores;

namespace Likeness.Storage.Tables;

internal sealed class PushStore(Engine engine) : IPushStore
{
    private const string LoadSql = "SELECT service, node, resource, options, enabled FROM push_registrations WHERE account = $1 ORDER BY enabled, service, node";

    private const string SaveSql = """
        INSERT INTO push_registrations (account, service, node, resource, options, enabled) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (account, service, node) DO UPDATE SET resource = excluded.resource, options = excluded.options, enabled = excluded.enabled
        """;

    private const string RemoveSql = "DELETE FROM push_registrations WHERE account = $1 AND service = $2";

    public async ValueTask<IReadOnlyList<PushRegistration>> Load(Identity account, CancellationToken cancellationToken = default) =>
        await engine.Read(session => session.All(LoadSql, Read, account), cancellationToken);

    public async ValueTask Save(Identity account, PushRegistration registration, int max, CancellationToken cancellationToken = default) =>
        await AccountStore.Write(
            engine,
            account,
            async session =>
            {
                var (service, node, resource, options, enabled) = registration;
                await session.Execute(SaveSql, account, service, node, resource, options, enabled);
                var all = await session.All(LoadSql, Read, account);
                foreach (var old in all.Where(one => (one.Service, one.Node) != (service, node)).Take(all.Count - max))
                {
                    await session.Execute($"{RemoveSql} AND node = $3", account, old.Service, old.Node);
                }

                return true;
            },
            cancellationToken);

    public async ValueTask Remove(Identity account, string service, string? node, CancellationToken cancellationToken = default) =>
        await engine.Write(
            account.Value,
            session => node is null ? session.Execute(RemoveSql, account, service) : session.Execute($"{RemoveSql} AND node = $3", account, service, node),
            cancellationToken);

    private static PushRegistration Read(DbDataReader row) => new(row.Text(0), row.Text(1), row.Text(2), row.TextOrNull(3), row.Time(4));
}
