using System.Data.Common;
using Likeness.Stores;

namespace Likeness.Storage.Tables;

internal static class PortraitRows
{
    private const string SelectSql = """
        SELECT t.identity, t.links, t.published_item, t.published_xml, t.data_access, t.metadata_access, t.version, t.origin, t.changed,
            p.id, p.media_type, p.width, p.height, p.length,
            m.id, m.media_type, m.width, m.height, m.length,
            t.uploaded, t.lock_since, t.lock_reason, a.alt,
            CASE WHEN EXISTS (SELECT 1 FROM addresses WHERE addresses.identity = t.identity AND addresses.picture IS NOT NULL) THEN 1 ELSE 0 END
        FROM portraits t LEFT JOIN pictures p ON p.id = t.picture LEFT JOIN pictures m ON m.id = t.master
            LEFT JOIN album_pictures a ON a.identity = t.identity AND a.source = coalesce(t.master, t.picture)
        """;

    private const string FindSql = SelectSql + " WHERE t.identity = $1";

    private const string PageSql = SelectSql + " WHERE t.identity > $1 AND (t.picture IS NOT NULL OR t.master IS NOT NULL) ORDER BY t.identity LIMIT $2";

    private const string SaveSql = """
        INSERT INTO portraits
            (identity, picture, master, links, published_item, published_xml, data_access, metadata_access, version, origin, changed,
            uploaded, lock_since, lock_reason, domain, source, bytes)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
        ON CONFLICT (identity) DO UPDATE SET
            picture = excluded.picture, master = excluded.master, links = excluded.links,
            published_item = excluded.published_item, published_xml = excluded.published_xml,
            data_access = excluded.data_access, metadata_access = excluded.metadata_access,
            version = excluded.version, origin = excluded.origin, changed = excluded.changed,
            uploaded = excluded.uploaded, lock_since = excluded.lock_since, lock_reason = excluded.lock_reason,
            source = excluded.source, bytes = excluded.bytes
        """;

    private const string ShownBySql = """
        SELECT identity FROM portraits WHERE picture = $1
        UNION SELECT identity FROM portraits WHERE master = $1
        ORDER BY 1 LIMIT $2
        """;

    public static ValueTask<Portrait?> Find(Session session, Identity identity) => session.First(FindSql, Read, identity);

    public static ValueTask<List<Portrait>> Page(Session session, string after, int most) => session.All(PageSql, Read, after, most);

    public static ValueTask<List<Identity>> ShownBy(Session session, PictureId picture) =>
        session.All(ShownBySql, row => row.Identity(0), picture, IPortraitStore.MaxShown);

    /// <summary>All but the version, which <see cref="Number"/> gives at the end of the transaction.</summary>
    public static async ValueTask Save(Session session, PortraitWrite write)
    {
        var portrait = write.Portrait;
        PictureId?[] referred = [portrait.Picture?.Id, portrait.Master?.Id];
        var (version, before) = await References(session, portrait.Identity);
        if (version != portrait.Version)
        {
            throw new StaleWriteException($"The portrait of {portrait.Identity} was changed meanwhile.");
        }

        if (!before.SequenceEqual(referred))
        {
            await PictureRows.Reserve(session, before.Concat(referred).Append(write.Original?.Id));
        }

        foreach (var picture in write.Pictures.Where(picture => referred.Contains(picture.Id)))
        {
            await PictureRows.Insert(session, picture);
        }

        await session.Execute(
            SaveSql,
            portrait.Identity,
            portrait.Picture?.Id,
            portrait.Master?.Id,
            Json.Of(portrait.Links),
            portrait.Published?.ItemId,
            portrait.Published?.Xml,
            portrait.DataAccess,
            portrait.MetadataAccess,
            portrait.Version,
            portrait.Origin,
            portrait.Changed,
            portrait.Uploaded,
            portrait.Lock?.Since,
            portrait.Lock?.Reason,
            portrait.Identity.Domain,
            portrait.Source?.Id,
            portrait.Source?.Length ?? 0);
        await PictureList.Mark(session, portrait.Identity, before[1] ?? before[0], portrait.Source?.Id);
        await AccountStore.Mark(session, portrait.Identity);
        if (write.EndDrafts)
        {
            await DraftRows.Remove(session, portrait.Identity);
        }
        else if (before[0] is { } replaced && portrait.Picture is { } shown && shown.Id != replaced && write.KeepReplacedUntil is { } until)
        {
            await DraftRows.Keep(session, portrait.Identity, replaced, until);
        }

        if (before.SequenceEqual(referred))
        {
            await AlbumRows.Describe(session, portrait);
            return;
        }

        await AlbumRows.Follow(session, before[1] ?? before[0], write);
        await PictureRows.DropUnused(session, before.Except(referred));
    }

    /// <summary>Makes the portrait's version the number of this change.</summary>
    public static async ValueTask<long> Number(Session session, Identity identity)
    {
        var version = await ChangeRows.Number(session, ChangeKind.Portrait, identity.Value);
        await session.Execute("UPDATE portraits SET version = $2 WHERE identity = $1", identity, version);
        return version;
    }

    public static async ValueTask Remove(Session session, Identity identity)
    {
        var (_, before) = await References(session, identity);

        // That a picture was taken away is still to be brought to the chat server beside this one: it is the row that waits.
        await session.Execute("DELETE FROM portraits WHERE identity = $1 AND (picture IS NOT NULL OR NOT EXISTS (SELECT 1 FROM beside_accounts WHERE account = $1))", identity);
        await AccountStore.Mark(session, identity);
        await PictureRows.Reserve(session, before);
        await PictureList.Mark(session, identity, before[1] ?? before[0], null);
        await PictureRows.DropUnused(session, before);
    }

    private static async ValueTask<(long Version, PictureId?[] Pictures)> References(Session session, Identity identity)
    {
        var found = await session.First<(long, PictureId?[])?>(
            "SELECT version, picture, master FROM portraits WHERE identity = $1",
            row => (row.Number(0), [row.PictureIdOrNull(1), row.PictureIdOrNull(2)]),
            identity);
        return found ?? (0, [null, null]);
    }

    private static Portrait Read(DbDataReader row) => new()
    {
        Identity = row.Identity(0),
        Links = Json.Links(row.TextOrNull(1)),
        Published = row.TextOrNull(2) is { } item ? new PublishedMetadata(item, row.Text(3)) : null,
        DataAccess = row.NamedOrNull<AccessModel>(4),
        MetadataAccess = row.NamedOrNull<AccessModel>(5),
        Version = row.Number(6),
        Origin = row.Named<Origin>(7),
        Changed = row.Time(8),
        Picture = PictureRows.InfoOrNull(row, 9),
        Master = PictureRows.InfoOrNull(row, 14),
        Uploaded = row.PictureIdOrNull(19),
        Lock = row.TimeOrNull(20) is { } since ? new PortraitLock(row.TextOrNull(21), since) : null,
        Alt = row.TextOrNull(22),
        HasAddressPictures = row.Flag(23),
    };
}
