using System.Data.Common;
using Likeness.Stores;

namespace Likeness.Storage.Tables;

internal sealed class RoleStore(Engine engine) : IRoleStore
{
    private const string Columns = "account, domain, role, given_by, since";

    // Of whoever does everything.
    private const string Everywhere = "";

    public async ValueTask<IReadOnlyList<HeldRole>> Of(Identity account, CancellationToken cancellationToken = default) =>
        await engine.Read(session => session.All($"SELECT {Columns} FROM roles WHERE account = $1 ORDER BY domain", Read, account), cancellationToken);

    public async ValueTask<IReadOnlyList<HeldRole>> List(CancellationToken cancellationToken = default)
    {
        var roles = await engine.Read(session => session.All($"SELECT {Columns} FROM roles", Read), cancellationToken);
        return [.. roles.OrderBy(role => role.Account.Value, StringComparer.Ordinal).ThenBy(role => role.Domain, StringComparer.Ordinal)];
    }

    public ValueTask<bool> Give(HeldRole role, CancellationToken cancellationToken = default) => AccountStore.Write(
        engine,
        role.Account,
        async session =>
        {
            object?[] values = [role.Account, role.Domain ?? Everywhere, role.Role, role.By, role.Since];
            if (await session.Execute("UPDATE roles SET role = $3, given_by = $4, since = $5 WHERE account = $1 AND domain = $2", values) > 0)
            {
                return true;
            }

            if (await session.First("SELECT COUNT(*) FROM roles", row => row.Number(0)) >= IRoleStore.MaxRoles)
            {
                return false;
            }

            await session.Execute($"INSERT INTO roles ({Columns}) VALUES ($1, $2, $3, $4, $5)", values);
            return true;
        },
        cancellationToken);

    public async ValueTask<bool> Take(Identity account, string? domain, CancellationToken cancellationToken = default) =>
        await engine.Write(account.Value, session => session.Execute("DELETE FROM roles WHERE account = $1 AND domain = $2", account, domain ?? Everywhere), cancellationToken) > 0;

    private static HeldRole Read(DbDataReader row) =>
        new(row.Identity(0), row.Named<Role>(2), row.Text(1) is { Length: > 0 } domain ? domain : null, row.Text(3), row.Time(4));
}
