using Likeness.Accounts;
using Likeness.Libravatar;

namespace Likeness.Web.Portraits;

/// <summary>What a person does with the own portrait on the pages: the acts of commands and REST, under the person's name.</summary>
internal sealed class OwnPortrait(PortraitBook book, AddressBook addresses, PortraitActs acts, PictureAlbum album, TimeProvider time, IChatsBeside? beside = null) : IDisposable
{
    /// <summary>For so long a picture that was taken away can be had back.</summary>
    public static readonly TimeSpan Undo = TimeSpan.FromSeconds(30);

    /// <summary>Bytes of pictures that can be had back, of everybody together; the oldest make room.</summary>
    public const long MaxUndoBytes = 32 * 1024 * 1024;

    /// <summary>Uploaded files held in memory at a moment; others wait on the disk.</summary>
    public const int MaxFiles = 4;

    private readonly SemaphoreSlim _files = new(MaxFiles);
    private readonly Lock _lock = new();
    private readonly LinkedList<Removed> _removed = new();

    /// <summary>Gives the person the picture in this file, everywhere. Throws what <see cref="PortraitActs.Set"/> throws.</summary>
    public Task<Portrait> Set(Identity person, Stream file, PictureCrop crop, CancellationToken cancellationToken) =>
        Take(file, bytes => acts.Set(person, address: null, bytes, By(person), crop: crop, cancellationToken: CancellationToken.None), cancellationToken);

    /// <summary>Keeps the picture in this file by its name without showing it. False: too many are kept.</summary>
    public Task<bool> Keep(Identity person, Stream file, PictureCrop crop, string name, CancellationToken cancellationToken) =>
        Take(file, bytes => album.Keep(person, bytes, crop, name, alt: null, By(person)), cancellationToken);

    /// <summary>As the other, with a picture that is square already.</summary>
    public Task<Portrait> Set(Identity person, ReadOnlyMemory<byte> picture) => acts.Set(person, address: null, picture, By(person), cancellationToken: CancellationToken.None);

    /// <summary>Takes the picture away everywhere; false: none was shown.</summary>
    public async Task<bool> Clear(Identity person)
    {
        var before = await book.Find(person);
        var kept = new NewPortrait
        {
            Picture = before.Picture is { } picture ? await book.Read(picture.Id) : null,
            Master = before.Master is { } master ? await book.Read(master.Id) : null,
            Links = before.Links,
            Published = before.Published,
            Uploaded = before.Uploaded,
        };
        if (await acts.Clear(person, By(person)) is null)
        {
            return false;
        }

        lock (_lock)
        {
            Forget();
            Take(person);
            _removed.AddLast(new Removed(person, kept, time.GetUtcNow()));
            while (_removed.Sum(one => one.Bytes) > MaxUndoBytes)
            {
                _removed.RemoveFirst();
            }
        }

        return true;
    }

    /// <summary>Whether there is something to be had back.</summary>
    public bool CanRestore(Identity person)
    {
        lock (_lock)
        {
            Forget();
            return _removed.Any(one => one.Person == person);
        }
    }

    /// <summary>Shows again what was taken away a moment ago. False: nothing is to be had back, or something else is shown by now.</summary>
    public async Task<bool> Restore(Identity person)
    {
        Removed? removed;
        lock (_lock)
        {
            Forget();
            removed = Take(person);
        }

        if (removed is null || (await book.Find(person)).IsShown)
        {
            return false;
        }

        await book.Set(person, removed.Portrait, By(person) with { Audit = new AuditWords("avatar set") });
        return true;
    }

    /// <summary>Throws <see cref="Stores.StoreConflictException"/> when it is somebody else's, and what storing the other write throws.</summary>
    public Task AddAddress(Identity person, Address address, Stores.StoreWrite? alongside = null) => acts.AddAddress(person, address, By(person), alongside, CancellationToken.None);

    public Task RemoveAddress(Identity person, Address address) => acts.RemoveAddress(person, address, By(person), CancellationToken.None);

    public Task SetVisibility(Identity person, Visibility visibility) => acts.SetVisibility(person, visibility, By(person));

    /// <summary>Who beside the person decides what is shown.</summary>
    public async Task<Deciders> WhoDecides(Identity person, CancellationToken cancellationToken) => new(
        (await book.Find(person, cancellationToken)).Lock,
        beside is not null && beside.Serves(person.Domain) && !beside.Writes(person.Domain));

    /// <summary>Where it is seen at this moment, by the surfaces' own look at it.</summary>
    /// <param name="hasChats">Whether chats are served.</param>
    public async Task<Seen> Look(Identity person, bool hasChats, CancellationToken cancellationToken)
    {
        var portrait = await book.Find(person, cancellationToken);
        var visibility = book.VisibilityOf(portrait);
        var found = new List<string>();
        foreach (var text in await addresses.Of(person, cancellationToken))
        {
            if (Address.TryParse(text, out var address) && await book.Find(address.Hashes[0], cancellationToken) is { } shown && shown.Version == portrait.Version)
            {
                found.Add(address.Text);
            }
        }

        return new Seen(
            portrait,
            visibility,
            found,
            OnTheWeb: portrait.Source is not null && visibility.ShowsTo(AvatarRelation.Stranger) && found.Count > 0,
            ByContacts: hasChats && portrait.IsShown && visibility.ShowsTo(AvatarRelation.Contact),
            ByStrangers: hasChats && portrait.IsShown && visibility.ShowsTo(AvatarRelation.Stranger));
    }

    public void Dispose() => _files.Dispose();

    public static Cause By(Identity person) => new(Origin.Web, person.Value);

    private async Task<T> Take<T>(Stream file, Func<byte[], Task<T>> use, CancellationToken cancellationToken)
    {
        await _files.WaitAsync(cancellationToken);
        try
        {
            var bytes = new byte[file.Length];
            await file.ReadExactlyAsync(bytes, cancellationToken);

            // From here on nobody can hang up: what is begun is done.
            return await use(bytes);
        }
        finally
        {
            _files.Release();
        }
    }

    private void Forget()
    {
        while (_removed.First is { } first && time.GetUtcNow() - first.Value.Since >= Undo)
        {
            _removed.RemoveFirst();
        }
    }

    private Removed? Take(Identity person)
    {
        var removed = _removed.LastOrDefault(one => one.Person == person);
        foreach (var one in _removed.Where(one => one.Person == person).ToArray())
        {
            _removed.Remove(one);
        }

        return removed;
    }

    private sealed record Removed(Identity Person, NewPortrait Portrait, DateTimeOffset Since)
    {
        public long Bytes => (Portrait.Picture?.Bytes.Length ?? 0) + (Portrait.Master?.Bytes.Length ?? 0);
    }
}

/// <summary>Who beside a person decides what the person shows.</summary>
/// <param name="Lock">An operator, as long as it is there.</param>
/// <param name="InChats">The chat server, which takes nothing from here.</param>
internal sealed record Deciders(PortraitLock? Lock, bool InChats)
{
    /// <summary>Another picture would have no effect.</summary>
    public bool IsHeld => Lock is not null;
}

/// <summary>Where a portrait is seen.</summary>
/// <param name="Addresses">By which it is found.</param>
/// <param name="ByContacts">In chats.</param>
/// <param name="ByStrangers">In chats and rooms.</param>
internal sealed record Seen(Portrait Portrait, Visibility Visibility, IReadOnlyList<string> Addresses, bool OnTheWeb, bool ByContacts, bool ByStrangers);
