using Likeness.Stores;

namespace Likeness.Storage.Tables;

/// <summary>Pictures kept for a while without being a portrait.</summary>
internal static class DraftRows
{
    private const string SaveSql = """
        INSERT INTO drafts (identity, picture, expires) VALUES ($1, $2, $3)
        ON CONFLICT (identity, picture) DO UPDATE SET expires = excluded.expires
        """;

    private const string FindSql = $"""
        SELECT {PictureRows.Columns} FROM drafts d JOIN pictures p ON p.id = d.picture
        WHERE d.identity = $1 AND d.picture = $2 AND d.expires > $3
        """;

    private static readonly string DropTooManySql = $"""
        DELETE FROM drafts WHERE identity = $1 AND picture IN (
            SELECT picture FROM drafts WHERE identity = $1 ORDER BY expires DESC, picture LIMIT 1000 OFFSET {IPortraitStore.MaxDrafts})
        RETURNING picture
        """;

    public static async ValueTask Save(Session session, Identity identity, Picture picture, DateTimeOffset expires)
    {
        await PictureRows.Insert(session, picture);
        await Keep(session, identity, picture.Id, expires);
    }

    /// <summary>A picture that is stored already becomes a draft; drafts too many give way, oldest first.</summary>
    public static async ValueTask Keep(Session session, Identity identity, PictureId picture, DateTimeOffset expires)
    {
        await session.Execute(SaveSql, identity, picture, expires);
        var dropped = await session.All(DropTooManySql, row => row.PictureIdOrNull(0), identity);
        if (dropped.Count > 0)
        {
            await DropUnused(session, dropped);
        }
    }

    public static ValueTask<Picture?> Find(Session session, Identity identity, PictureId id, DateTimeOffset now) =>
        session.First(FindSql, PictureRows.Read, identity, id, now);

    public static async ValueTask<int> DropExpired(Session session, DateTimeOffset now)
    {
        var dropped = await session.All("DELETE FROM drafts WHERE expires <= $1 RETURNING picture", row => row.PictureIdOrNull(0), now);
        await DropUnused(session, dropped);
        return dropped.Count;
    }

    /// <summary>Drops this picture's drafts, whoever has them.</summary>
    public static async ValueTask<int> Drop(Session session, PictureId picture)
    {
        var dropped = await session.Execute("DELETE FROM drafts WHERE picture = $1", picture);
        await DropUnused(session, [picture]);
        return dropped;
    }

    public static async ValueTask Remove(Session session, Identity identity) =>
        await DropUnused(session, await session.All("DELETE FROM drafts WHERE identity = $1 RETURNING picture", row => row.PictureIdOrNull(0), identity));

    private static async ValueTask DropUnused(Session session, List<PictureId?> pictures)
    {
        await PictureRows.Reserve(session, pictures);
        await PictureRows.DropUnused(session, pictures);
    }
}
