using Likeness.Libravatar;
using Likeness.Stores;

namespace Likeness.Tests;

/// <summary>Keeps portraits in memory, counts what is asked of it and can be held up.</summary>
internal sealed class MemoryPortraitStore : IPortraitStore
{
    private readonly Dictionary<Identity, Portrait> _portraits = [];
    private readonly Dictionary<PictureId, Picture> _pictures = [];
    private readonly Dictionary<AddressHash, Identity> _owners = [];
    private long _version;

    public List<(Portrait Portrait, IReadOnlyList<Picture> Pictures, IReadOnlyList<StoreWrite> Alongside)> Saved { get; } = [];

    /// <summary>Writes without a change of a portrait.</summary>
    public List<StoreWrite> Alone { get; } = [];

    public int Finds { get; private set; }

    public int PictureReads { get; private set; }

    /// <summary>Each save waits here; the default is open.</summary>
    public Func<Task> BeforeSave { get; set; } = () => Task.CompletedTask;

    /// <summary>Each save waits here when it is stored; what is thrown here comes too late.</summary>
    public Func<Task> AfterSave { get; set; } = () => Task.CompletedTask;

    /// <summary>Somebody else stores this.</summary>
    public void Put(Portrait portrait) => _portraits[portrait.Identity] = portrait with { Version = ++_version };

    public ValueTask<Portrait?> Find(Identity identity, CancellationToken cancellationToken = default)
    {
        Finds++;
        return new(_portraits.GetValueOrDefault(identity));
    }

    public ValueTask<Identity?> Resolve(AddressHash hash, CancellationToken cancellationToken = default) =>
        new(_owners.TryGetValue(hash, out var identity) ? identity : null);

    public ValueTask<Picture?> FindPicture(PictureId id, CancellationToken cancellationToken = default)
    {
        PictureReads++;
        return new(_pictures.GetValueOrDefault(id));
    }

    public ValueTask<IReadOnlyList<Identity>> ShownBy(PictureId id, CancellationToken cancellationToken = default) =>
        new([.. _portraits.Values.Where(portrait => portrait.Picture?.Id == id || portrait.Master?.Id == id).Select(portrait => portrait.Identity)]);

    public async ValueTask<long> Save(PortraitWrite write, CancellationToken cancellationToken = default)
    {
        await BeforeSave();
        var portrait = write.Portrait;
        if (portrait.Version != (_portraits.GetValueOrDefault(portrait.Identity)?.Version ?? 0))
        {
            throw new StaleWriteException("changed meanwhile");
        }

        if (write.EndDrafts)
        {
            Drafts.Clear();
        }

        if (write.KeepReplacedUntil is { } until && portrait.Picture is { } shown && _portraits.GetValueOrDefault(portrait.Identity)?.Picture is { } replaced && replaced != shown)
        {
            Drafts.Add((replaced.Id, until));
        }

        portrait = portrait with { Version = ++_version };
        _portraits[portrait.Identity] = portrait;
        foreach (var picture in write.Pictures)
        {
            _pictures[picture.Id] = picture;
        }

        Saved.Add((portrait, write.Pictures, write.Alongside));
        await AfterSave();
        return portrait.Version;
    }

    public ValueTask Save(IReadOnlyList<StoreWrite> writes, CancellationToken cancellationToken = default)
    {
        Alone.AddRange(writes);
        return default;
    }

    public ValueTask AddAddress(Identity identity, string address, IReadOnlyList<AddressHash> hashes, CancellationToken cancellationToken = default)
    {
        foreach (var hash in hashes)
        {
            _owners[hash] = identity;
        }

        return default;
    }

    public List<(PictureId Picture, DateTimeOffset Expires)> Drafts { get; } = [];

    public ValueTask SaveDraft(Identity identity, Picture picture, DateTimeOffset expires, CancellationToken cancellationToken = default)
    {
        Drafts.Add((picture.Id, expires));
        return default;
    }

    public ValueTask<Picture?> FindDraft(Identity identity, PictureId id, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        new(Drafts.Exists(draft => draft.Picture == id) ? new Picture(new PictureInfo(id, "image/png", 1, 1, 0), default) : null);

    public ValueTask<int> DropExpiredDrafts(DateTimeOffset now, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public ValueTask<IReadOnlyList<string>> Addresses(Identity identity, CancellationToken cancellationToken = default) =>
        new([]);

    public ValueTask<bool> RemoveAddress(Identity identity, string address, AuditEntry? said = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();
}
