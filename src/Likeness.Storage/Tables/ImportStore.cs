using Likeness.Stores;

namespace Likeness.Storage.Tables;

internal sealed class ImportStore(Engine engine) : IImportStore
{
    private const string SaveSql = """
        INSERT INTO imports (identity, hash, imported) VALUES ($1, $2, $3)
        ON CONFLICT (identity) DO UPDATE SET hash = excluded.hash, imported = excluded.imported
        """;

    public ValueTask<byte[]?> Find(Identity identity, CancellationToken cancellation = default) =>
        engine.Read(session => session.First("SELECT hash FROM imports WHERE identity = $1", row => row.Bytes(0), identity), cancellation);

    public async ValueTask Save(Identity identity, byte[] hash, DateTimeOffset imported, CancellationToken cancellation = default) =>
        await engine.Write(identity.Value, session => session.Execute(SaveSql, identity, hash, imported), cancellation);
}
