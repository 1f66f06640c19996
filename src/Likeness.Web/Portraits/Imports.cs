using Likeness.Libravatar;
using Likeness.Limits;

namespace Likeness.Web.Portraits;

/// <summary>Brings a picture that a person shows elsewhere, by one of the person's own addresses, to those kept beside the portrait.</summary>
internal sealed class Imports(PictureAlbum album, AddressBook addresses, TimeProvider time, IPictureImport? elsewhere = null)
{
    /// <summary>Of one person: each asks another server.</summary>
    public static readonly RateLimit PerPerson = new(10, TimeSpan.FromHours(1));

    private const int MaxPeople = 10_000;
    private readonly KeyedRateLimiter<Identity> _people = new(PerPerson, MaxPeople, time);

    /// <summary>Empty: the operator wants no other server asked.</summary>
    public IReadOnlyList<string> Sources => elsewhere?.Sources ?? [];

    /// <summary>Throws what <see cref="PictureAlbum.Keep"/> throws because of the picture.</summary>
    public async Task<Imported> Take(Identity person, string source, string at, CancellationToken cancellationToken)
    {
        if (elsewhere is null || !Sources.Contains(source) || !(await addresses.Of(person, cancellationToken)).Contains(at) || !Address.TryParse(at, out var address))
        {
            return Imported.NotOwn;
        }

        if (_people.Take(person) is { Ticks: > 0 })
        {
            return Imported.TooOften;
        }

        try
        {
            return await elsewhere.Fetch(source, address, cancellationToken) is not { } file
                ? Imported.None
                : await album.Keep(person, file, new PictureCrop(PicturePart.Centre), $"{source} {at}", alt: null, OwnPortrait.By(person)) ? Imported.Kept : Imported.Full;
        }
        catch (PictureImportException)
        {
            return Imported.Failed;
        }
    }
}

/// <summary>What became of a wish to import a picture.</summary>
internal enum Imported
{
    Kept,

    /// <summary>The address is not the person's, or there is no such source.</summary>
    NotOwn,

    TooOften,

    /// <summary>The source shows no picture for the address.</summary>
    None,

    /// <summary>The source could not be asked.</summary>
    Failed,

    /// <summary>As many pictures as may be are kept.</summary>
    Full,
}
