using System.Data.Common;
using Likeness.Stores;

namespace Likeness.Storage.Tables;

internal sealed class ProfileStore(Engine engine) : IProfileStore
{
    private const string Columns = "shown, name, links, changed";

    private const string ShownSql = $"""
        SELECT {Columns} FROM profiles WHERE account = $1 AND shown = 1
            AND EXISTS (SELECT 1 FROM accounts WHERE accounts.account = profiles.account AND accounts.disabled IS NULL)
        """;

    private const string SaveSql = $"""
        INSERT INTO profiles (account, {Columns}) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (account) DO UPDATE SET shown = excluded.shown, name = excluded.name, links = excluded.links, changed = excluded.changed
        """;

    public ValueTask<Profile?> Find(Identity account, CancellationToken cancellationToken = default) =>
        engine.Read(session => session.First($"SELECT {Columns} FROM profiles WHERE account = $1", Read, account), cancellationToken);

    public ValueTask<Profile?> FindShown(Identity account, CancellationToken cancellationToken = default) =>
        engine.Read(session => session.First(ShownSql, Read, account), cancellationToken);

    internal static async ValueTask Save(Session session, StoreWrite.Profile write)
    {
        if (write.Content is not { } profile)
        {
            await session.Execute("DELETE FROM profiles WHERE account = $1", write.Person);
            return;
        }

        await AccountStore.RefuseGone(session, write.Person);
        await session.Execute(SaveSql, write.Person, profile.IsShown ? 1 : 0, profile.Name, Json.Of(profile.Links), profile.Changed);
    }

    private static Profile? Read(DbDataReader row) => new(row.Number(0) == 1, row.Text(1), Json.ProfileLinks(row.TextOrNull(2)), row.Time(3));
}
