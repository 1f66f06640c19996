using System.Text.Json;
using Likeness.Imaging;
using Likeness.Libravatar;
using Likeness.Libravatar.Exchange;
using Likeness.Stores;
using Likeness.Web.Language;
using Likeness.Web.Mails;
using Likeness.Web.Portraits;
using Likeness.Web.Visits;

namespace Likeness.Web.Exchange;

/// <summary>
/// What a person brings along from another Libravatar server: pictures are kept, and each address is asked by mail before it shows anything,
/// a few at a time. Nobody vouches for such a file; user name and password in it are not looked at.
/// </summary>
internal sealed class PersonImport(PictureAlbum album, PortraitBook book, AddressBook addresses, IDocumentStore documents, MailBook mails, PageOptions options, TimeProvider time) : IDisposable
{
    /// <summary>Addresses of one file.</summary>
    public const int MaxAddresses = 50;

    /// <summary>Photos of one file.</summary>
    public const int MaxPhotos = 10;

    /// <summary>Bytes that a file unfolds to.</summary>
    public const long MaxUnfolded = 64 * 1024 * 1024;

    /// <summary>Between two mails that one file leads to.</summary>
    public static readonly TimeSpan Pace = TimeSpan.FromSeconds(10);

    private const string Kind = "imported-addresses";
    private readonly SemaphoreSlim _one = new(1);

    /// <summary>Whether addresses can be confirmed here at all.</summary>
    public bool IsOn => mails.IsOn;

    /// <summary>Takes what is in the file.</summary>
    /// <exception cref="ExportRefusedException">It is no export, or over a limit.</exception>
    /// <exception cref="RenderUnavailableException">Pictures cannot be looked at now.</exception>
    public async Task<TakenExport> Take(Identity person, Stream file, Words words, string domain, Visitor visitor, CancellationToken cancellationToken)
    {
        // One after another: of what it unfolds to there is enough in memory once.
        await _one.WaitAsync(cancellationToken);
        try
        {
            var export = LibravatarExportReader.Read(file, new ExportLimits { Compressed = options.LargestFile, Expanded = MaxUnfolded, Addresses = MaxAddresses, Photos = MaxPhotos });
            var wanted = Wanted(export);
            var (kept, left) = await Keep(person, wanted.Select(one => one.Photo).OfType<ExportedPhoto>().Distinct(), export.Username);
            if (MainOf(person, wanted) is { } main && kept.TryGetValue(main, out var shown) && !(await book.Find(person, CancellationToken.None)).IsShown)
            {
                await album.Show(person, shown, OwnPortrait.By(person));
            }

            var current = (await book.Find(person, CancellationToken.None)).Source?.Id;
            var (own, imported) = (await addresses.Of(person, CancellationToken.None), await Waiting(person, CancellationToken.None));
            foreach (var (address, photo) in wanted)
            {
                var choice = photo is null ? kept.Count == 0 ? null : "" : kept.TryGetValue(photo, out var id) && id != current ? id.Hex : null;
                if (own.Contains(address.Text))
                {
                    await Choose(person, address.Text, choice);
                }
                else if (MailOptions.IsMailbox(address.Text) && imported.Count < MaxAddresses)
                {
                    imported = [.. imported.Where(one => one.Address != address.Text), new ImportedAddress(address.Text, choice, IsAsked: false)];
                }
                else
                {
                    left++;
                }
            }

            await Save(person, imported);
            var asked = await AskNext(person, words, domain, visitor);
            return new TakenExport(kept.Count, asked, (await Waiting(person, CancellationToken.None)).Count(one => !one.IsAsked), left + export.Problems.Length);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Addresses that came in a file and are not confirmed yet.</summary>
    public async ValueTask<IReadOnlyList<ImportedAddress>> Waiting(Identity person, CancellationToken cancellationToken) =>
        (await documents.Find(person, Kind, "", cancellationToken))?.Content is { } content ? JsonSerializer.Deserialize<ImportedAddress[]>(content) ?? [] : [];

    /// <summary>Writes to the next addresses, as far as so many of one person may wait. How many there were.</summary>
    public async Task<int> AskNext(Identity person, Words words, string domain, Visitor visitor)
    {
        var imported = await Waiting(person, CancellationToken.None);
        if (!IsOn || imported.All(one => one.IsAsked))
        {
            return 0;
        }

        var (asked, now) = (0, time.GetUtcNow());
        var waiting = (await mails.Of(person, MailKind.Address, CancellationToken.None)).Where(mail => mail.Refused is null && mail.Expires > now).Select(mail => mail.Address).ToHashSet(StringComparer.Ordinal);
        foreach (var one in imported.Where(one => !one.IsAsked && !waiting.Contains(one.Address)).ToArray())
        {
            if (waiting.Count >= MailBook.MaxWaiting || mails.Take(visitor.Client) is { Ticks: > 0 })
            {
                break;
            }

            var mail = mails.New(MailKind.Address, person, one.Address, words, domain, visitor, MailBook.AddressLifetime);
            if (await mails.Add([mail with { Due = now + (asked * Pace) }], CancellationToken.None) is null)
            {
                asked++;
                waiting.Add(one.Address);
            }

            // Who wants no mail is not asked again by itself.
            imported = [.. imported.Select(other => other.Address == one.Address ? other with { IsAsked = true } : other)];
        }

        await Save(person, imported);
        return asked;
    }

    /// <summary>The address is the person's now, and shows what it did where it came from.</summary>
    public async Task Confirmed(Identity person, string address)
    {
        if ((await Waiting(person, CancellationToken.None)).FirstOrDefault(one => one.Address == address) is { } imported)
        {
            await Choose(person, address, imported.Photo);
            await Forget(person, address);
        }
    }

    /// <summary>It is wanted no more.</summary>
    public async Task Forget(Identity person, string address)
    {
        var imported = await Waiting(person, CancellationToken.None);
        if (imported.Any(one => one.Address == address))
        {
            await Save(person, [.. imported.Where(one => one.Address != address)]);
        }
    }

    public void Dispose() => _one.Dispose();

    // A file without assignments has one photo for everything, or says nothing about which is whose.
    private static IReadOnlyList<(Address Address, ExportedPhoto? Photo)> Wanted(LibravatarExport export)
    {
        var all = export.Emails.AddRange(export.OpenIds);
        var photos = export.Photos.Where(photo => photo.Id is not null).DistinctBy(photo => photo.Id).ToDictionary(photo => photo.Id!);
        var single = export.Photos is [var only] && all.All(address => address.PhotoId is null) ? only : null;
        return
        [
            .. all.Where(one => Address.TryParse(one.Text, out _))
                .Select(one => (Address: Address.Parse(one.Text), Photo: single ?? (one.PhotoId is { } id ? photos.GetValueOrDefault(id) : null)))
                .DistinctBy(one => one.Address.Text),
        ];
    }

    private static ExportedPhoto? MainOf(Identity person, IReadOnlyList<(Address Address, ExportedPhoto? Photo)> wanted) =>
        wanted.FirstOrDefault(one => one.Address.Text == person.Value).Photo
        ?? wanted.Select(one => one.Photo).OfType<ExportedPhoto>().GroupBy(photo => photo).MaxBy(group => group.Count())?.Key;

    private async Task<(Dictionary<ExportedPhoto, PictureId> Kept, int Left)> Keep(Identity person, IEnumerable<ExportedPhoto> photos, string name)
    {
        var (kept, left) = (new Dictionary<ExportedPhoto, PictureId>(), 0);
        foreach (var photo in photos)
        {
            try
            {
                var uploaded = PictureId.Of(photo.Bytes.Span);
                if ((await album.Find(person)).Pictures.All(one => one.Uploaded != uploaded))
                {
                    await album.Keep(person, photo.Bytes, new PictureCrop(PicturePart.Centre), $"{name} {photo.Id}", alt: null, OwnPortrait.By(person));
                }

                if ((await album.Find(person)).Pictures.FirstOrDefault(one => one.Uploaded == uploaded) is { } there)
                {
                    kept[photo] = there.Source.Id;
                    continue;
                }
            }
            catch (Exception refused) when (refused is ImageRefusedException or PictureBlockedException)
            {
                // It is counted among what is left out.
            }

            left++;
        }

        return (kept, left);
    }

    private async Task Choose(Identity person, string address, string? photo)
    {
        var all = await album.Find(person);
        if (photo is null || all.Choices.ContainsKey(address))
        {
            return;
        }

        try
        {
            await album.Choose(person, address, new AddressChoice(PictureId.TryParse(photo, out var id) ? id : null));
        }
        catch (PortraitLockedException)
        {
            // Then it shows what the operator holds.
        }
    }

    private ValueTask Save(Identity person, IReadOnlyList<ImportedAddress> imported) =>
        documents.Save(new AccountDocument(person, Kind, "", imported.Count == 0 ? null : JsonSerializer.Serialize(imported)), CancellationToken.None);
}

/// <summary>An address that came in a file.</summary>
/// <param name="Photo">Id of the picture that it shows when it is confirmed; empty: none; null: the portrait.</param>
/// <param name="IsAsked">A mail went there.</param>
internal sealed record ImportedAddress(string Address, string? Photo, bool IsAsked);

/// <summary>What was taken of a file.</summary>
/// <param name="Asked">Addresses to which a mail went.</param>
/// <param name="Later">Those that wait for one.</param>
/// <param name="Left">Photos that are none or too many, and addresses that cannot be asked by mail.</param>
internal sealed record TakenExport(int Photos, int Asked, int Later, int Left);
