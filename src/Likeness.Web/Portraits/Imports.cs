using Likeness.Libravatar;
using Likeness.Limits;
using Likeness.Stores;

namespace Likeness.Web.Portraits;

/// <summary>Brings a picture that a person shows elsewhere, by one of the person's own addresses, to those kept beside the portrait.</summary>
internal sealed class Imports(PictureAlbum album, PortraitBook book, OwnPortrait own, AddressBook addresses, IProviderIdentityStore providers, TimeProvider time, IPictureImport? elsewhere = null)
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
        if (!Sources.Contains(source) || !(await addresses.Of(person, cancellationToken)).Contains(at) || !Address.TryParse(at, out var address))
        {
            return Imported.NotOwn;
        }

        return await Take(person, $"{source} {at}", isShown: false, () => elsewhere!.Fetch(source, address, cancellationToken));
    }

    /// <summary>Those who the person is at sites that vouch for people and say where the person's picture is.</summary>
    public async ValueTask<IReadOnlyList<ProviderIdentity>> Offered(Identity person, CancellationToken cancellationToken) =>
        elsewhere is null ? [] : [.. (await providers.List(person, cancellationToken)).Where(identity => identity.Picture is not null)];

    /// <summary>As the other, of a picture that was offered; who shows none shows it at once.</summary>
    public async Task<Imported> Take(Identity person, string issuer, string subject, string? picture, CancellationToken cancellationToken)
    {
        // It may be another one than the page showed.
        if ((await Offered(person, cancellationToken)).FirstOrDefault(one => one.Issuer == issuer && one.Subject == subject) is not { Picture: { } there } identity || there != picture)
        {
            return Imported.NotOwn;
        }

        return await Take(person, new Uri(identity.Issuer).IdnHost, !(await book.Find(person, cancellationToken)).IsShown, () => elsewhere!.Fetch(new Uri(there), cancellationToken));
    }

    private async Task<Imported> Take(Identity person, string name, bool isShown, Func<Task<ReadOnlyMemory<byte>?>> fetch)
    {
        if (_people.Take(person) is { Ticks: > 0 })
        {
            return Imported.TooOften;
        }

        try
        {
            if (await fetch() is not { } file)
            {
                return Imported.None;
            }

            if (isShown)
            {
                await own.Set(person, file);
                return Imported.Shown;
            }

            return await album.Keep(person, file, new PictureCrop(PicturePart.Centre), name, alt: null, OwnPortrait.By(person)) ? Imported.Kept : Imported.Full;
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

    /// <summary>It is what the person shows.</summary>
    Shown,

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
