using System.Collections.Concurrent;
using Likeness.Libravatar;
using Likeness.Stores;

namespace Likeness.Http.Tests.Hosting;

/// <summary>Portraits in memory: tests and benchmarks of the web are not about a database.</summary>
internal sealed class MemoryPortraits : IPortraitStore
{
    private readonly ConcurrentDictionary<Identity, Portrait> _portraits = new();
    private readonly ConcurrentDictionary<AddressHash, Identity> _hashes = new();
    private readonly ConcurrentDictionary<PictureId, Picture> _pictures = new();
    private readonly ConcurrentDictionary<(Identity Owner, string Address), byte> _addresses = new();
    private long _version;

    /// <summary>Thrown by whoever reads, when it is set.</summary>
    public Exception? Failure { get; set; }

    public ValueTask<Portrait?> Find(Identity identity, CancellationToken cancellationToken = default) =>
        Failure is null ? new(_portraits.GetValueOrDefault(identity)) : throw Failure;

    public ValueTask<Identity?> Resolve(AddressHash hash, CancellationToken cancellationToken = default) =>
        Failure is null ? new(_hashes.TryGetValue(hash, out var identity) ? identity : null) : throw Failure;

    public ValueTask<Picture?> FindPicture(PictureId id, CancellationToken cancellationToken = default) =>
        new(_pictures.GetValueOrDefault(id));

    public ValueTask<IReadOnlyList<Identity>> ShownBy(PictureId id, CancellationToken cancellationToken = default) =>
        Failure is not null ? throw Failure : new([.. _portraits.Values.Where(portrait => portrait.Picture?.Id == id || portrait.Master?.Id == id).Select(portrait => portrait.Identity)]);

    public ValueTask<long> Save(PortraitWrite write, CancellationToken cancellationToken = default)
    {
        var version = Interlocked.Increment(ref _version);
        _portraits[write.Portrait.Identity] = write.Portrait with { Version = version };
        foreach (var picture in write.Pictures)
        {
            _pictures[picture.Id] = picture;
        }

        return new(version);
    }

    public ValueTask Save(IReadOnlyList<StoreWrite> writes, CancellationToken cancellationToken = default) => default;

    public ValueTask AddAddress(Identity identity, string address, IReadOnlyList<AddressHash> hashes, CancellationToken cancellationToken = default)
    {
        foreach (var hash in hashes)
        {
            _hashes[hash] = identity;
        }

        _addresses[(identity, address)] = 0;
        return default;
    }

    public ValueTask SaveDraft(Identity identity, Picture picture, DateTimeOffset expires, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public ValueTask<Picture?> FindDraft(Identity identity, PictureId id, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public ValueTask<int> DropExpiredDrafts(DateTimeOffset now, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<string>> Addresses(Identity identity, CancellationToken cancellationToken = default) =>
        new([.. _addresses.Keys.Where(entry => entry.Owner == identity).Select(entry => entry.Address)]);

    public ValueTask<bool> RemoveAddress(Identity identity, string address, AuditEntry? said = null, CancellationToken cancellationToken = default)
    {
        var removed = _hashes.Where(entry => entry.Value == identity).ToList();
        removed.ForEach(entry => _hashes.TryRemove(entry));
        _addresses.TryRemove((identity, address), out _);
        return new(removed.Count > 0);
    }
}
