using System.Data.Common;

namespace Likeness.Storage.Tables;

/// <summary>Pictures, each stored once however many portraits and drafts refer to it, and dropped with the last reference.</summary>
internal static class PictureRows
{
    /// <summary>The columns that <see cref="Read"/> wants.</summary>
    public const string Columns = "p.id, p.media_type, p.width, p.height, p.length, p.bytes";

    private const string ReserveSql = "SELECT id FROM pictures WHERE id = $1";

    // Bytes with this id are there already: only what is known about them may have grown.
    private const string InsertSql = """
        INSERT INTO pictures (id, media_type, width, height, length, bytes) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (id) DO UPDATE SET media_type = excluded.media_type, width = excluded.width, height = excluded.height
        WHERE pictures.media_type <> excluded.media_type OR pictures.width <> excluded.width OR pictures.height <> excluded.height
        """;

    private const string DropSql = """
        DELETE FROM pictures WHERE id = $1
        AND NOT EXISTS (SELECT 1 FROM portraits WHERE picture = $1)
        AND NOT EXISTS (SELECT 1 FROM portraits WHERE master = $1)
        AND NOT EXISTS (SELECT 1 FROM drafts WHERE picture = $1)
        AND NOT EXISTS (SELECT 1 FROM album_pictures WHERE picture = $1)
        AND NOT EXISTS (SELECT 1 FROM album_pictures WHERE master = $1)
        AND NOT EXISTS (SELECT 1 FROM album_pictures WHERE original = $1)
        """;

    public static Picture Read(DbDataReader row) => new(InfoOrNull(row, 0)!, row.Bytes(5));

    /// <summary>Id, media type, width, height and length from this column on; null where a join found nothing.</summary>
    public static PictureInfo? InfoOrNull(DbDataReader row, int column) => row.PictureIdOrNull(column) is { } id
        ? new PictureInfo(id, row.Text(column + 1), row.SmallNumber(column + 2), row.SmallNumber(column + 3), row.SmallNumber(column + 4))
        : null;

    public static async ValueTask Insert(Session session, Picture picture)
    {
        var info = picture.Info;
        await session.Execute(InsertSql, info.Id, info.MediaType, info.Width, info.Height, info.Length, picture.Bytes);
    }

    /// <summary>
    /// Makes rival transactions wait that take up or drop the same pictures; each then sees whether it is the last to refer.
    /// In one order for all, so that no two wait for each other.
    /// </summary>
    public static async ValueTask Reserve(Session session, IEnumerable<PictureId?> ids)
    {
        foreach (var id in ids.OfType<PictureId>().Distinct().OrderBy(id => id.Hex, StringComparer.Ordinal))
        {
            await session.Reserve(ReserveSql, id);
        }
    }

    /// <summary>Drops those of these pictures, reserved before, that nothing refers to any more.</summary>
    public static async ValueTask DropUnused(Session session, IEnumerable<PictureId?> ids)
    {
        foreach (var id in ids.OfType<PictureId>().Distinct())
        {
            await session.Execute(DropSql, id);
        }
    }
}
