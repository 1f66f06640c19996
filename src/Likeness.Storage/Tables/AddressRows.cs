using Likeness.Libravatar;
using Likeness.Stores;

namespace Likeness.Storage.Tables;

/// <summary>Addresses, and the hashes by which they are asked for.</summary>
internal static class AddressRows
{
    private const string AddSql = """
        INSERT INTO addresses (identity, address, position, hashes)
        VALUES ($1, $2, (SELECT coalesce(max(position), 0) + 1 FROM addresses WHERE identity = $1), $3)
        ON CONFLICT (identity, address) DO UPDATE SET hashes = excluded.hashes
        """;

    // Writing the owner back costs little and makes a rival transaction wait and then see who came first.
    private const string ClaimSql = """
        INSERT INTO address_hashes (hash, identity) VALUES ($1, $2)
        ON CONFLICT (hash) DO UPDATE SET identity = address_hashes.identity
        RETURNING identity
        """;

    private const string HashesSql = "SELECT hashes FROM addresses WHERE identity = $1 AND address = $2";

    private const string ListSql = "SELECT address FROM addresses WHERE identity = $1 ORDER BY position, address";

    private const string RemoveSql = "DELETE FROM addresses WHERE identity = $1 AND address = $2 RETURNING hashes";

    private const string ReleaseSql = "DELETE FROM address_hashes WHERE hash = $1 AND identity = $2";

    public static ValueTask<Identity?> Resolve(Session session, AddressHash hash) =>
        session.First<Identity?>("SELECT identity FROM address_hashes WHERE hash = $1", row => row.Identity(0), hash);

    public static ValueTask<List<string>> List(Session session, Identity identity) => session.All(ListSql, row => row.Text(0), identity);

    /// <summary>Returns the hashes that stand for somebody else now than before.</summary>
    public static async ValueTask<IReadOnlyList<string>> Add(Session session, Identity identity, string address, IReadOnlyList<AddressHash> hashes)
    {
        foreach (var hash in hashes)
        {
            if (await session.First<Identity?>(ClaimSql, row => row.Identity(0), hash, identity) != identity)
            {
                throw new StoreConflictException($"{address} belongs to somebody else already.");
            }
        }

        var before = await session.First(HashesSql, row => row.Text(0), identity, address);
        await session.Execute(AddSql, identity, address, string.Join(' ', hashes.Select(hash => hash.Text)));
        return [.. hashes.Select(hash => hash.Text), .. await Release(session, identity, before)];
    }

    public static async ValueTask<bool> Rehash(Session session, Identity identity, string address, IReadOnlyList<AddressHash> hashes)
    {
        if (await session.First(HashesSql, row => row.Text(0), identity, address) is null)
        {
            return false;
        }

        await ChangeRows.AddAddresses(session, identity, await Add(session, identity, address, hashes));
        return true;
    }

    /// <summary>The hashes that stand for nobody now; null: the identity did not have the address.</summary>
    public static async ValueTask<IReadOnlyList<string>?> Remove(Session session, Identity identity, string address) =>
        await session.First(RemoveSql, row => row.Text(0), identity, address) is { } hashes ? await Release(session, identity, hashes) : null;

    public static async ValueTask<IReadOnlyList<string>> RemoveAll(Session session, Identity identity)
    {
        var released = new List<string>();
        foreach (var address in await List(session, identity))
        {
            released.AddRange(await Remove(session, identity, address) ?? []);
        }

        return released;
    }

    /// <summary>Stops answering for those of these hashes that no address of the identity has any more.</summary>
    private static async ValueTask<IReadOnlyList<string>> Release(Session session, Identity identity, string? hashes)
    {
        if (hashes is null)
        {
            return [];
        }

        var kept = await session.All("SELECT hashes FROM addresses WHERE identity = $1", row => row.Text(0), identity);
        string[] released = [.. Split(hashes).Except(kept.SelectMany(Split))];
        foreach (var hash in released)
        {
            await session.Execute(ReleaseSql, Convert.FromHexString(hash), identity);
        }

        return released;
    }

    private static string[] Split(string hashes) => hashes.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
