using System.Data.Common;
using Likeness.Libravatar;
using Likeness.Stores;

namespace Likeness.Storage.Tables;

/// <summary>A person's pictures: the portrait itself and those beside it.</summary>
internal static class AlbumRows
{
    private const string Columns = """
        SELECT a.name, a.alt, a.origin, a.since, a.ended, a.uploaded,
            p.id, p.media_type, p.width, p.height, p.length,
            m.id, m.media_type, m.width, m.height, m.length,
            o.id, o.media_type, o.width, o.height, o.length
        FROM album_pictures a
        LEFT JOIN pictures p ON p.id = a.picture LEFT JOIN pictures m ON m.id = a.master LEFT JOIN pictures o ON o.id = a.original
        """;

    private const string ListSql = Columns + """
         WHERE a.identity = $1 ORDER BY CASE WHEN a.ended IS NULL THEN 0 ELSE 1 END, a.ended DESC, a.source
        """;

    private const string ShowSql = """
        INSERT INTO album_pictures (identity, source, picture, master, original, uploaded, alt, origin, since)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT (identity, source) DO UPDATE SET
            picture = excluded.picture, master = excluded.master, original = coalesce(album_pictures.original, excluded.original),
            uploaded = excluded.uploaded, alt = excluded.alt, origin = excluded.origin, since = excluded.since, ended = NULL
        """;

    private const string KeepSql = """
        INSERT INTO album_pictures (identity, source, picture, master, original, uploaded, name, alt, origin, since, ended)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)
        ON CONFLICT (identity, source) DO UPDATE SET
            original = coalesce(album_pictures.original, excluded.original), name = excluded.name, alt = excluded.alt
        """;

    private const string PutAwaySql = """
        INSERT INTO album_pictures (identity, source, picture, origin, since, ended) VALUES ($1, $2, $2, $3, $4, $4)
        ON CONFLICT (identity, source) DO UPDATE SET ended = CASE WHEN album_pictures.ended IS NULL THEN NULL ELSE excluded.ended END
        """;

    // Somebody without an account can neither see earlier pictures nor send them away: none are kept.
    private const string KeepsSql = """
        SELECT CASE WHEN EXISTS (SELECT 1 FROM accounts WHERE account = $1)
                OR EXISTS (SELECT 1 FROM beside_accounts WHERE account = $1 AND state <> 'Gone')
            THEN coalesce((SELECT keeps_earlier FROM albums WHERE identity = $1), 1) ELSE 0 END
        """;

    private const string Gone = "RETURNING identity, picture, master, original";

    public static async ValueTask<Album> Find(Session session, Identity person) =>
        new(
            await List(session, person),
            await KeepsEarlier(session, person),
            (await session.All("SELECT address, picture FROM addresses WHERE identity = $1 AND picture IS NOT NULL", row => (Address: row.Text(0), Choice: ChoiceOf(row, 1)), person))
                .ToDictionary(choice => choice.Address, choice => choice.Choice, StringComparer.Ordinal));

    /// <summary>What is shown is another picture now: the one before is put away, or forgotten.</summary>
    /// <param name="before">What was shown; null: nothing.</param>
    public static async ValueTask Follow(Session session, PictureId? before, PortraitWrite write)
    {
        var portrait = write.Portrait;
        var shown = portrait.Source?.Id;
        if (before is { } replaced && replaced != shown)
        {
            if (write.ForgetsReplaced)
            {
                await session.Execute("UPDATE addresses SET picture = NULL, picture_since = NULL WHERE identity = $1 AND picture IS NOT NULL", portrait.Identity);
                await Drop(session, $"DELETE FROM album_pictures WHERE identity = $1 AND source = $2 {Gone}", portrait.Identity, replaced);
            }
            else
            {
                await session.Execute("UPDATE album_pictures SET ended = $3 WHERE identity = $1 AND source = $2", portrait.Identity, replaced, portrait.Changed);
            }
        }

        if (shown is not null)
        {
            var original = write.Original?.Info.Length <= IAlbumStore.MaxOriginalBytes ? write.Original : null;
            if (original is not null)
            {
                await PictureRows.Insert(session, original);
            }

            await session.Execute(
                ShowSql, portrait.Identity, shown, portrait.Picture?.Id, portrait.Master?.Id, original?.Id, portrait.Uploaded, portrait.Alt, portrait.Origin, portrait.Changed);
            await PictureRows.DropUnused(session, [original?.Id]);
        }

        if (before != shown)
        {
            await Trim(session, portrait.Identity, portrait.Changed);
        }
    }

    /// <summary>The words for the picture that is shown.</summary>
    public static async ValueTask Describe(Session session, Portrait portrait)
    {
        if (portrait.Source is { } shown)
        {
            await session.Execute("UPDATE album_pictures SET alt = $3 WHERE identity = $1 AND source = $2", portrait.Identity, shown.Id, portrait.Alt);
        }
    }

    public static async ValueTask<bool> Keep(Session session, Identity person, AlbumPicture kept, IReadOnlyList<Picture> pictures)
    {
        var album = await Find(session, person);
        var others = album.Pictures.Where(one => one.Source.Id != kept.Source.Id).ToList();
        if (others.Count(one => one.Name is not null) >= IAlbumStore.MaxKept || others.Where(one => !one.IsEarlier).Sum(one => one.Bytes) + kept.Bytes > IAlbumStore.MaxBytes)
        {
            return false;
        }

        await PictureRows.Reserve(session, pictures.Select(picture => (PictureId?)picture.Id));
        foreach (var picture in pictures)
        {
            await PictureRows.Insert(session, picture);
        }

        await session.Execute(
            KeepSql, person, kept.Source.Id, kept.Picture?.Id, kept.Master?.Id, kept.Original?.Id, kept.Uploaded, kept.Name, kept.Alt, kept.Origin, kept.Since);
        await PictureRows.DropUnused(session, pictures.Select(picture => (PictureId?)picture.Id));
        await Trim(session, person, kept.Since);
        return true;
    }

    public static async ValueTask PutAway(Session session, Identity person, Picture picture, Origin origin, DateTimeOffset now)
    {
        await PictureRows.Reserve(session, [picture.Id]);
        await PictureRows.Insert(session, picture);
        await session.Execute(PutAwaySql, person, picture.Id, origin, now);
        await Trim(session, person, now);
    }

    public static async ValueTask<bool> Describe(Session session, Identity person, PictureId source, string? name, string? alt)
    {
        var album = await Find(session, person);
        if (album.Of(source) is not { } picture || (name is not null && picture.Name is null && album.Kept.Count() >= IAlbumStore.MaxKept))
        {
            return false;
        }

        await session.Execute("UPDATE album_pictures SET name = $3, alt = $4 WHERE identity = $1 AND source = $2", person, source, name, alt);
        return true;
    }

    public static async ValueTask<bool> Choose(Session session, Identity person, string address, AddressChoice? choice, DateTimeOffset now)
    {
        if (choice?.Source is { } source && (await Find(session, person)).Of(source)?.Name is null)
        {
            return false;
        }

        object? picture = choice is null ? null : choice.Value.Source is { } chosen ? chosen : Array.Empty<byte>();
        return await session.Execute(
            "UPDATE addresses SET picture = $3, picture_since = $4 WHERE identity = $1 AND address = $2", person, address, picture, choice is null ? null : now) > 0;
    }

    public static async ValueTask<AddressPicture?> ShownAt(Session session, Identity person, AddressHash hash)
    {
        var chosen = await session.First<(AddressChoice Choice, DateTimeOffset Since)?>(
            "SELECT picture, picture_since FROM addresses WHERE identity = $1 AND picture IS NOT NULL AND hashes LIKE $2",
            row => (ChoiceOf(row, 0), row.Time(1)),
            person,
            $"%{hash.Text}%");
        if (chosen is not { } found)
        {
            return null;
        }

        // A picture that is not there any more, or has lost its name, leaves the portrait in its place.
        return found.Choice.Source is not { } source
            ? new AddressPicture(null, found.Since)
            : await session.First(Columns + " WHERE a.identity = $1 AND a.source = $2 AND a.name IS NOT NULL", Read, person, source) is { } picture ? new AddressPicture(picture, found.Since) : null;
    }

    public static async ValueTask<bool> Remove(Session session, Identity person, PictureId source) =>
        (await Drop(session, $"DELETE FROM album_pictures WHERE identity = $1 AND source = $2 AND ended IS NOT NULL {Gone}", person, source)).Count > 0;

    public static async ValueTask SetKeepsEarlier(Session session, Identity person, bool keeps)
    {
        await session.Execute("INSERT INTO albums (identity, keeps_earlier) VALUES ($1, $2) ON CONFLICT (identity) DO UPDATE SET keeps_earlier = excluded.keeps_earlier", person, keeps);
        if (!keeps)
        {
            await Drop(session, $"DELETE FROM album_pictures WHERE identity = $1 AND name IS NULL AND ended IS NOT NULL {Gone}", person);
        }
    }

    public static async ValueTask<int> DropEarlier(Session session, DateTimeOffset before) =>
        (await Drop(session, $"DELETE FROM album_pictures WHERE ended < $1 AND name IS NULL {Gone}", before)).Count;

    public static async ValueTask<IReadOnlyList<Identity>> RemoveEverywhere(Session session, PictureId picture)
    {
        var owners = new HashSet<Identity>();
        foreach (var column in (string[])["picture", "master", "original"])
        {
            owners.UnionWith(await Drop(session, $"DELETE FROM album_pictures WHERE {column} = $1 AND ended IS NOT NULL {Gone}", picture));
        }

        foreach (var owner in owners)
        {
            await PortraitRows.Number(session, owner);
        }

        return [.. owners];
    }

    public static async ValueTask RemoveAll(Session session, Identity person)
    {
        await Drop(session, $"DELETE FROM album_pictures WHERE identity = $1 {Gone}", person);
        await session.Execute("DELETE FROM albums WHERE identity = $1", person);
    }

    private static async ValueTask Trim(Session session, Identity person, DateTimeOffset now)
    {
        var pictures = await List(session, person);
        if (!pictures.Exists(one => one.IsEarlier))
        {
            return;
        }

        var left = IAlbumStore.MaxBytes - pictures.Where(one => !one.IsEarlier).Sum(one => one.Bytes);
        var places = await KeepsEarlier(session, person) ? IAlbumStore.MaxEarlier : 0;
        foreach (var earlier in pictures.Where(one => one.IsEarlier))
        {
            left -= earlier.Bytes;
            if (places-- <= 0 || left < 0 || earlier.Ended <= now - IAlbumStore.EarlierLifetime)
            {
                await Remove(session, person, earlier.Source.Id);
            }
        }
    }

    /// <summary>Whose they were, one of them each.</summary>
    private static async ValueTask<List<Identity>> Drop(Session session, string sql, params object?[] values)
    {
        var dropped = await session.All(sql, row => (Owner: row.Identity(0), Pictures: new[] { row.PictureIdOrNull(1), row.PictureIdOrNull(2), row.PictureIdOrNull(3) }), values);
        var pictures = dropped.SelectMany(one => one.Pictures).ToList();
        await PictureRows.Reserve(session, pictures);
        await PictureRows.DropUnused(session, pictures);
        return dropped.ConvertAll(one => one.Owner);
    }

    private static ValueTask<List<AlbumPicture>> List(Session session, Identity person) => session.All(ListSql, Read, person);

    private static ValueTask<bool> KeepsEarlier(Session session, Identity person) => session.First(KeepsSql, row => row.Flag(0), person);

    // An empty one is none.
    private static AddressChoice ChoiceOf(DbDataReader row, int column) => row.Bytes(column).Length == 0 ? default : new AddressChoice(row.PictureId(column));

    private static AlbumPicture Read(DbDataReader row) => new()
    {
        Name = row.TextOrNull(0),
        Alt = row.TextOrNull(1),
        Origin = row.Named<Origin>(2),
        Since = row.Time(3),
        Ended = row.TimeOrNull(4),
        Uploaded = row.PictureIdOrNull(5),
        Picture = PictureRows.InfoOrNull(row, 6),
        Master = PictureRows.InfoOrNull(row, 11),
        Original = PictureRows.InfoOrNull(row, 16),
    };
}

internal sealed class AlbumStore(Engine engine) : IAlbumStore
{
    public ValueTask<Album> Find(Identity person, CancellationToken cancellationToken = default) =>
        engine.Read(session => AlbumRows.Find(session, person), cancellationToken);

    public ValueTask<bool> Keep(Identity person, AlbumPicture kept, IReadOnlyList<Picture> pictures, CancellationToken cancellationToken = default) =>
        engine.Write(
            person.Value,
            async session =>
            {
                if (!await BesideStore.Has(session, person))
                {
                    await AccountStore.RefuseGone(session, person);
                }

                return await AlbumRows.Keep(session, person, kept, pictures);
            },
            cancellationToken);

    public async ValueTask PutAway(Identity person, Picture picture, Origin origin, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        await engine.Write(person.Value, session => AlbumRows.PutAway(session, person, picture, origin, now), cancellationToken);

    public ValueTask<bool> Describe(Identity person, PictureId source, string? name, string? alt, CancellationToken cancellationToken = default) =>
        Changing(person, session => AlbumRows.Describe(session, person, source, name, alt), cancellationToken);

    public ValueTask<bool> Remove(Identity person, PictureId source, CancellationToken cancellationToken = default) =>
        Changing(person, session => AlbumRows.Remove(session, person, source), cancellationToken);

    public ValueTask<bool> Choose(Identity person, string address, AddressChoice? choice, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        Changing(person, session => AlbumRows.Choose(session, person, address, choice, now), cancellationToken);

    public ValueTask<AddressPicture?> ShownAt(Identity person, AddressHash hash, CancellationToken cancellationToken = default) =>
        engine.Read(session => AlbumRows.ShownAt(session, person, hash), cancellationToken);

    public async ValueTask SetKeepsEarlier(Identity person, bool keeps, CancellationToken cancellationToken = default) =>
        await engine.Write(
            person.Value,
            async session =>
            {
                await AlbumRows.SetKeepsEarlier(session, person, keeps);
                return true;
            },
            cancellationToken);

    public ValueTask<IReadOnlyList<Identity>> RemoveEverywhere(PictureId picture, CancellationToken cancellationToken = default) =>
        engine.Write("likeness albums", session => AlbumRows.RemoveEverywhere(session, picture), cancellationToken);

    public ValueTask<int> DropEarlier(DateTimeOffset before, CancellationToken cancellationToken = default) =>
        engine.Write("likeness albums", session => AlbumRows.DropEarlier(session, before), cancellationToken);

    // What an address shows may have become another picture: whoever remembers the portrait reads it again.
    private ValueTask<bool> Changing(Identity person, Func<Session, ValueTask<bool>> change, CancellationToken cancellationToken) =>
        engine.Write(
            person.Value,
            async session =>
            {
                if (!await change(session))
                {
                    return false;
                }

                await PortraitRows.Number(session, person);
                return true;
            },
            cancellationToken);
}
