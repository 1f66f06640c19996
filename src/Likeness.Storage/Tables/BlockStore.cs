using System.Data.Common;
using Likeness.Stores;

namespace Likeness.Storage.Tables;

internal sealed class BlockStore(Engine engine) : IBlockStore
{
    private const string SaveSql = """
        INSERT INTO blocks (picture, subject, near, reason, since) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (picture) DO UPDATE SET subject = excluded.subject, near = excluded.near, reason = excluded.reason, since = excluded.since
        """;

    // Three look-ups by index; an OR over the columns would read every portrait.
    private const string ShowingSql = """
        SELECT identity FROM portraits WHERE picture = $1
        UNION SELECT identity FROM portraits WHERE master = $1
        UNION SELECT identity FROM portraits WHERE uploaded = $1
        """;

    private const string PicturesSql = "SELECT id FROM pictures WHERE id > $1 ORDER BY id LIMIT $2";

    public async ValueTask<IReadOnlyList<PictureBlock>> List(CancellationToken cancellationToken = default) =>
        await engine.Read(session => session.All("SELECT picture, subject, near, reason, since FROM blocks ORDER BY since, picture", Read), cancellationToken);

    public ValueTask Save(PictureBlock block, CancellationToken cancellationToken = default) =>
        engine.Write(
            block.Picture.Hex,
            async session =>
            {
                await session.Execute(SaveSql, block.Picture, block.Subject, (long?)block.Near, block.Reason, block.Since);
                await ChangeRows.Add(session, ChangeKind.Block, block.Picture.Hex);
            },
            cancellationToken);

    public ValueTask<bool> Remove(PictureId picture, CancellationToken cancellationToken = default) =>
        engine.Write(
            picture.Hex,
            async session =>
            {
                var removed = await session.Execute("DELETE FROM blocks WHERE picture = $1", picture) > 0;
                if (removed)
                {
                    await ChangeRows.Add(session, ChangeKind.Block, picture.Hex);
                }

                return removed;
            },
            cancellationToken);

    public async ValueTask<IReadOnlyList<Identity>> Showing(PictureId picture, CancellationToken cancellationToken = default) =>
        await engine.Read(session => session.All(ShowingSql, row => row.Identity(0), picture), cancellationToken);

    public ValueTask<int> DropDrafts(PictureId picture, CancellationToken cancellationToken = default) =>
        engine.Write("likeness drafts", session => DraftRows.Drop(session, picture), cancellationToken);

    public async ValueTask<IReadOnlyList<PictureId>> Pictures(PictureId? after, int most, CancellationToken cancellationToken = default) =>
        await engine.Read(session => session.All(PicturesSql, row => row.PictureId(0), after is { } id ? Convert.FromHexString(id.Hex) : Array.Empty<byte>(), most), cancellationToken);

    public ValueTask<long> CountPictures(CancellationToken cancellationToken = default) =>
        engine.Read(session => session.First("SELECT count(*) FROM pictures", row => row.Number(0)), cancellationToken);

    private static PictureBlock Read(DbDataReader row) =>
        new(row.PictureId(0), row.PictureId(1), row.NumberOrNull(2) is { } near ? unchecked((ulong)near) : null, row.TextOrNull(3), row.Time(4));
}
