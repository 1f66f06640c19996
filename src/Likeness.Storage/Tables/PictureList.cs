using System.Globalization;
using Likeness.Stores;

namespace Likeness.Storage.Tables;

/// <summary>Pictures that are shown, listed from an index wherever a page begins.</summary>
internal static class PictureList
{
    private const string Columns = """
        SELECT t.identity, t.changed, t.origin, p.id, p.media_type, p.width, p.height, p.length
        FROM portraits t JOIN pictures p ON p.id = t.source
        WHERE t.domain = $1
        """;

    private const string OthersSql = "SELECT identity, twin FROM portraits WHERE domain = $1 AND source = $2 AND identity <> $3 LIMIT 2";
    private const string TwinSql = "UPDATE portraits SET twin = $2 WHERE identity = $1 AND twin <> $2";

    /// <summary>Values: the domain and, behind another page, the two by which its last one stood there.</summary>
    internal static string PageSql(PictureOrder order, bool isBehind, int most)
    {
        var (column, where, comes, direction) = order switch
        {
            PictureOrder.Newest => ("t.changed", "t.source IS NOT NULL", "<", " DESC"),
            PictureOrder.Largest => ("t.bytes", "t.source IS NOT NULL", "<", " DESC"),
            _ => ("t.source", "t.twin = 1", ">", ""),
        };

        // The order of bytes is said at the value: SQLite looks up only columns that stand there bare.
        var behind = isBehind ? $" AND ({column}, t.identity) {comes} ($2, $3 COLLATE BINARY)" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{Columns} AND {where}{behind} ORDER BY {column}{direction}, t.identity COLLATE BINARY{direction} LIMIT {most}");
    }

    public static async ValueTask<List<ListedPicture>> Page(Engine engine, Session session, PictureOrder order, string domain, ListedPicture? after, int most)
    {
        var sql = engine.Translate(PageSql(order, after is not null, most));
        object?[] values = after is null ? [domain] : [domain, KeyOf(order, after), after.Person];
        return await session.All(
            sql,
            row => new ListedPicture(row.Identity(0), PictureRows.InfoOrNull(row, 3)!, row.Time(1), row.Named<Origin>(2)),
            values);
    }

    /// <summary>Notes who is not the only one any more, or is again, after the person's portrait was written; both pictures are reserved.</summary>
    public static async ValueTask Mark(Session session, Identity person, PictureId? before, PictureId? now)
    {
        if (before == now)
        {
            return;
        }

        if (before is { } left && await Others(session, person, left) is [(var alone, true)])
        {
            await session.Execute(TwinSql, alone, false);
        }

        var same = now is { } shown ? await Others(session, person, shown) : [];
        foreach (var (other, isTwin) in same)
        {
            if (!isTwin)
            {
                await session.Execute(TwinSql, other, true);
            }
        }

        await session.Execute(TwinSql, person, same.Count > 0);
    }

    private static ValueTask<List<(Identity Person, bool IsTwin)>> Others(Session session, Identity person, PictureId picture) =>
        session.All(OthersSql, row => (row.Identity(0), row.Flag(1)), person.Domain, picture, person);

    private static object KeyOf(PictureOrder order, ListedPicture picture) => order switch
    {
        PictureOrder.Newest => picture.Changed,
        PictureOrder.Largest => (long)picture.Picture.Length,
        _ => picture.Picture.Id,
    };
}
