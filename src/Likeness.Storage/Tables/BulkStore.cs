using Likeness.Libravatar;
using Likeness.Stores;

namespace Likeness.Storage.Tables;

internal sealed class BulkStore(Engine engine) : IBulkStore
{
    private const string SaveSql = """
        INSERT INTO imports (identity, hash, imported) VALUES ($1, $2, $3)
        ON CONFLICT (identity) DO UPDATE SET hash = excluded.hash, imported = excluded.imported
        """;

    private const string PeopleSql = """
        SELECT identity FROM (SELECT identity FROM portraits UNION SELECT identity FROM addresses) people
        WHERE identity > $1 ORDER BY identity LIMIT $2
        """;

    public ValueTask<byte[]?> FindImport(Identity identity, CancellationToken cancellationToken = default) =>
        engine.Read(session => session.First("SELECT hash FROM imports WHERE identity = $1", row => row.Bytes(0), identity), cancellationToken);

    public ValueTask SaveImport(Identity identity, byte[] hash, DateTimeOffset imported, CancellationToken cancellationToken = default) =>
        engine.Write(identity.Value, session => SaveImport(session, new StoreWrite.Import(identity, hash, imported)), cancellationToken);

    internal static async ValueTask SaveImport(Session session, StoreWrite.Import import) =>
        await session.Execute(SaveSql, import.Person, import.Hash, import.Imported);

    public ValueTask<bool> Rehash(Identity identity, string address, IReadOnlyList<AddressHash> hashes, CancellationToken cancellationToken = default) =>
        engine.Write(identity.Value, session => AddressRows.Rehash(session, identity, address, hashes), cancellationToken);

    public async ValueTask<IReadOnlyList<Identity>> People(Identity? after, int most, CancellationToken cancellationToken = default) =>
        await engine.Read(session => session.All(PeopleSql, row => row.Identity(0), after?.Value ?? "", most), cancellationToken);

    public async ValueTask<IReadOnlyList<Portrait>> Portraits(Identity? after, int most, CancellationToken cancellationToken = default) =>
        await engine.Read(session => PortraitRows.Page(session, after?.Value ?? "", most), cancellationToken);

    public async ValueTask<IReadOnlyList<ListedPicture>> Pictures(PictureOrder order, string domain, ListedPicture? after, int most, CancellationToken cancellationToken = default) =>
        await engine.Read(session => PictureList.Page(engine, session, order, domain, after, most), cancellationToken);
}
