using Likeness.Libravatar;
using Likeness.Stores;

namespace Likeness;

/// <summary>A person's pictures beside the portrait: to show an earlier one again, to keep some by name, to cut one anew from what it was cut from.</summary>
public sealed class PictureAlbum(IAlbumStore store, PortraitBook book, IPortraitMaker maker, TimeProvider time, IPictureGuard? guard = null)
{
    /// <summary>Characters of the words for who does not see the picture.</summary>
    public const int MaxAlt = 250;

    /// <summary>Characters of a picture's name.</summary>
    public const int MaxName = 60;

    public ValueTask<Album> Find(Identity person, CancellationToken cancellationToken = default) => store.Find(person, cancellationToken);

    /// <summary>The bytes of one of the person's pictures, or of what it was cut from; null: there is none.</summary>
    public async ValueTask<Picture?> Read(PictureInfo? picture, CancellationToken cancellationToken = default) =>
        picture is null ? null : await book.Read(picture.Id, cancellationToken);

    /// <summary>Shows one of the pictures everywhere. Null: it is not there. Throws what <see cref="PortraitBook.Set"/> throws.</summary>
    public async Task<Portrait?> Show(Identity person, PictureId source, Cause cause)
    {
        if ((await store.Find(person)).Of(source) is not { } entry)
        {
            return null;
        }

        var (picture, master) = (await Read(entry.Picture), await Read(entry.Master));
        return (picture ?? master) is null ? null : await Set(person, cause, new NewPortrait
        {
            Picture = picture,
            Master = master,
            Uploaded = entry.Uploaded,
            Alt = entry.Alt,
            Links = master is null ? [] : maker.LinksTo(person, master.Info),
        });
    }

    /// <summary>Cuts the picture anew from its original and shows that everywhere. Null: there is no such picture, or it was not made here. Throws what <see cref="PortraitActs.Set"/> throws.</summary>
    public async Task<Portrait?> Crop(Identity person, PictureId source, PictureCrop crop, Cause cause)
    {
        if ((await store.Find(person)).Of(source) is not { } entry || await Read(entry.Whole) is not { } original)
        {
            return null;
        }

        var made = await maker.Make(person, original.Bytes, keepNormal: true, crop);
        return await Set(person, cause, made with { Original = original, Uploaded = entry.Uploaded, Alt = entry.Alt });
    }

    /// <summary>Keeps the picture in this file under a name without showing it. False: too many are kept. Throws what <see cref="PortraitActs.Set"/> throws because of the file.</summary>
    public async Task<bool> Keep(Identity person, ReadOnlyMemory<byte> file, PictureCrop crop, string name, string? alt, Cause cause)
    {
        var made = await maker.Make(person, file, keepNormal: false, crop);
        await book.RefuseBlocked(made.Pictures, made.Uploaded);
        var kept = new AlbumPicture
        {
            Picture = made.Picture?.Info,
            Master = made.Master?.Info,
            Original = made.Original?.Info,
            Uploaded = made.Uploaded,
            Name = Named(name),
            Alt = Said(alt, MaxAlt),
            Origin = cause.Origin,
            Since = time.GetUtcNow(),
        };
        return await store.Keep(person, kept, made.Original is { } original ? [.. made.Pictures, original] : made.Pictures);
    }

    /// <summary>Names a picture, which keeps it, and says in words what it shows. False: it is not there, or too many have a name.</summary>
    /// <param name="name">Null: it goes by itself when it is not shown any more.</param>
    public ValueTask<bool> Describe(Identity person, PictureId source, string? name, string? alt) =>
        Told(person, store.Describe(person, source, name is null ? null : Named(name), Said(alt, MaxAlt)));

    /// <summary>Forgets a picture that is not shown. False: there is none.</summary>
    public ValueTask<bool> Remove(Identity person, PictureId source) => Told(person, store.Remove(person, source));

    /// <summary>What one of the person's addresses shows to sites in place of the portrait, as long as there is one and to whom it is shown; chats show the portrait. False: the address or the picture is not the person's, or has no name.</summary>
    /// <param name="choice">Null: the portrait again.</param>
    /// <exception cref="PortraitLockedException">The operator decides what the person shows.</exception>
    public async ValueTask<bool> Choose(Identity person, string address, AddressChoice? choice)
    {
        if (choice is not null && (await book.Find(person)).Lock is { } held)
        {
            throw new PortraitLockedException(held);
        }

        return await Told(person, store.Choose(person, address, choice, time.GetUtcNow()));
    }

    /// <summary>What the person's address with this hash shows in place of the portrait; null: the portrait.</summary>
    public async ValueTask<AddressPicture?> ShownAt(Portrait portrait, AddressHash hash, CancellationToken cancellationToken = default) =>
        portrait.HasAddressPictures
        && await store.ShownAt(portrait.Identity, hash, cancellationToken) is { } shown
        && (shown.Picture is not { } picture || guard?.Find(picture.Source.Id) is null)
            ? shown
            : null;

    /// <summary>Whether pictures that are replaced stay for a while; if not, those that did go now.</summary>
    public ValueTask SetKeepsEarlier(Identity person, bool keeps) => store.SetKeepsEarlier(person, keeps);

    private async Task<Portrait> Set(Identity person, Cause cause, NewPortrait portrait) =>
        await book.Set(person, portrait, cause with { Audit = new AuditWords("avatar set") });

    // The words of the portrait, and what addresses show in its place, come with it.
    private async ValueTask<bool> Told(Identity person, ValueTask<bool> change)
    {
        var isMade = await change;
        if (isMade)
        {
            await book.Refresh(person);
        }

        return isMade;
    }

    private string Named(string name) => Said(name, MaxName) ?? time.GetUtcNow().ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    // One line, whatever was sent.
    private static string? Said(string? text, int most)
    {
        var line = string.Join(' ', string.Concat((text ?? "").Select(letter => char.IsControl(letter) ? ' ' : letter)).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var cut = line.Length <= most ? line : line[..(char.IsHighSurrogate(line[most - 1]) ? most - 1 : most)];
        return cut.Length == 0 ? null : cut;
    }
}
