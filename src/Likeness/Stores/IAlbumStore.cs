using Likeness.Libravatar;

namespace Likeness.Stores;

/// <summary>
/// Every picture that a person has here: the one that is shown, which comes and goes with <see cref="IPortraitStore.Save(PortraitWrite, CancellationToken)"/>,
/// those it replaced, which go by and by, and those that are kept by name.
/// </summary>
public interface IAlbumStore
{
    /// <summary>Earlier pictures of one person; the oldest give way.</summary>
    const int MaxEarlier = 10;

    /// <summary>Pictures of one person that are kept by name.</summary>
    const int MaxKept = 5;

    /// <summary>Bytes of one person's pictures, originals included; the oldest earlier ones give way, and none is kept by name beyond that.</summary>
    const long MaxBytes = 48 * 1024 * 1024;

    /// <summary>Bytes of what a picture was cut from; a larger one is not kept beside it.</summary>
    const long MaxOriginalBytes = 6 * 1024 * 1024;

    /// <summary>How long an earlier picture stays.</summary>
    static readonly TimeSpan EarlierLifetime = TimeSpan.FromDays(90);

    /// <summary>What there is, the shown one first and then those that were put away last.</summary>
    ValueTask<Album> Find(Identity person, CancellationToken cancellationToken = default);

    /// <summary>Keeps a picture by its name without showing it; one that is there gets the name. False: the person keeps as many already. Refused with <see cref="AccountGoneException"/> when the person has no account.</summary>
    ValueTask<bool> Keep(Identity person, AlbumPicture kept, IReadOnlyList<Picture> pictures, CancellationToken cancellationToken = default);

    /// <summary>A picture that was shown elsewhere, and gave way to the portrait, is one of the earlier ones, which give way to it as it does to them; one that is there keeps its name, and what is shown stays so. Of who has no account here nothing is put away.</summary>
    ValueTask PutAway(Identity person, Picture picture, Origin origin, DateTimeOffset now, CancellationToken cancellationToken = default);

    /// <summary>Gives a picture another name, and other words for who does not see it; without a name it is an earlier one like others. False: it is not there, or too many have a name.</summary>
    ValueTask<bool> Describe(Identity person, PictureId source, string? name, string? alt, CancellationToken cancellationToken = default);

    /// <summary>Forgets a picture that is not shown. False: there is no such picture, or it is shown.</summary>
    ValueTask<bool> Remove(Identity person, PictureId source, CancellationToken cancellationToken = default);

    /// <summary>What one of the person's addresses shows in place of the portrait. False: the address or the picture is not the person's, or the picture has no name.</summary>
    /// <param name="choice">Null: the portrait again.</param>
    ValueTask<bool> Choose(Identity person, string address, AddressChoice? choice, DateTimeOffset now, CancellationToken cancellationToken = default);

    /// <summary>What the person's address with this hash shows in place of the portrait; null: the portrait.</summary>
    ValueTask<AddressPicture?> ShownAt(Identity person, AddressHash hash, CancellationToken cancellationToken = default);

    /// <summary>Whether pictures that are replaced stay; if not, the earlier ones go now.</summary>
    ValueTask SetKeepsEarlier(Identity person, bool keeps, CancellationToken cancellationToken = default);

    /// <summary>Takes a picture, in chats, on the web or as an original, from everybody who has it beside the portrait. Returns who had it.</summary>
    ValueTask<IReadOnlyList<Identity>> RemoveEverywhere(PictureId picture, CancellationToken cancellationToken = default);

    /// <summary>Drops earlier pictures that were put away before that. Returns how many there were.</summary>
    ValueTask<int> DropEarlier(DateTimeOffset before, CancellationToken cancellationToken = default);
}

/// <summary>The pictures of a person.</summary>
/// <param name="KeepsEarlier">Pictures that are replaced stay for a while.</param>
/// <param name="Choices">Addresses that do not show the portrait.</param>
public sealed record Album(IReadOnlyList<AlbumPicture> Pictures, bool KeepsEarlier, IReadOnlyDictionary<string, AddressChoice> Choices)
{
    public IEnumerable<AlbumPicture> Kept => Pictures.Where(picture => picture.Name is not null);

    public AlbumPicture? Of(PictureId source) => Pictures.FirstOrDefault(picture => picture.Source.Id == source);
}

/// <summary>What an address shows that does not show the portrait.</summary>
/// <param name="Source">One of the owner's pictures; null: none.</param>
public readonly record struct AddressChoice(PictureId? Source);

/// <summary>What a site is shown at an address that does not show the portrait.</summary>
/// <param name="Picture">Null: nothing.</param>
/// <param name="Since">When it was chosen.</param>
public sealed record AddressPicture(AlbumPicture? Picture, DateTimeOffset Since);

/// <summary>One of a person's pictures.</summary>
public sealed record AlbumPicture
{
    /// <summary>In chats; null: it is shown on the web alone.</summary>
    public PictureInfo? Picture { get; init; }

    public PictureInfo? Master { get; init; }

    /// <summary>What it was cut from, upright and without metadata, so that it can be cut anew; null: it is not kept.</summary>
    public PictureInfo? Original { get; init; }

    /// <summary>As <see cref="Portrait.Uploaded"/>.</summary>
    public PictureId? Uploaded { get; init; }

    /// <summary>Null: an earlier picture, which goes by itself.</summary>
    public string? Name { get; init; }

    /// <summary>As <see cref="Portrait.Alt"/>.</summary>
    public string? Alt { get; init; }

    public Origin Origin { get; init; }

    /// <summary>When it came.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>When another took its place; null: it is shown.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>It is neither shown nor kept by name, and goes by itself.</summary>
    public bool IsEarlier => Name is null && Ended is not null;

    /// <summary>What the web shows of it; its id is by what it is known in the album.</summary>
    public PictureInfo Source => Master ?? Picture ?? throw new InvalidOperationException("A picture of nothing.");

    /// <summary>What it can be cut from anew; null: it came by chat, and is no file of ours.</summary>
    public PictureInfo? Whole => Original ?? Master;

    public long Bytes => (Picture?.Length ?? 0) + (Master?.Length ?? 0) + (Original?.Length ?? 0);
}
