using Likeness.Libravatar;

namespace Likeness.Stores;

/// <summary>Portraits, their pictures and the addresses they are asked by. Writes are durable when their task completes.</summary>
public interface IPortraitStore
{
    /// <summary>Drafts of one identity; an older one gives way to a new one.</summary>
    const int MaxDrafts = 20;

    /// <summary>Identities that <see cref="ShownBy"/> names.</summary>
    const int MaxShown = 100;

    /// <summary>Null for a person never heard of.</summary>
    ValueTask<Portrait?> Find(Identity identity, CancellationToken cancellationToken = default);

    /// <summary>The identity a confirmed address hash belongs to.</summary>
    ValueTask<Identity?> Resolve(AddressHash hash, CancellationToken cancellationToken = default);

    /// <summary>The bytes of a picture some portrait or draft refers to; null when nothing does any more.</summary>
    ValueTask<Picture?> FindPicture(PictureId id, CancellationToken cancellationToken = default);

    /// <summary>Whose portrait has this picture, in-band or as master: at most <see cref="MaxShown"/>, in the order of their names.</summary>
    ValueTask<IReadOnlyList<Identity>> ShownBy(PictureId id, CancellationToken cancellationToken = default);

    /// <summary>Stores the change and returns the portrait's new version. Refused with <see cref="StaleWriteException"/> when the stored portrait is another one than it was made from. Pictures no longer referred to are dropped.</summary>
    ValueTask<long> Save(PortraitWrite write, CancellationToken cancellationToken = default);

    /// <summary>What belongs to a change that turned out to be none.</summary>
    ValueTask Save(IReadOnlyList<StoreWrite> writes, CancellationToken cancellationToken = default);

    /// <summary>Keeps a picture that is not the portrait (yet, or any more) readable for its owner's node until <paramref name="expires"/>. Of one identity the latest <see cref="MaxDrafts"/> are kept.</summary>
    ValueTask SaveDraft(Identity identity, Picture picture, DateTimeOffset expires, CancellationToken cancellationToken = default);

    ValueTask<Picture?> FindDraft(Identity identity, PictureId id, DateTimeOffset now, CancellationToken cancellationToken = default);

    /// <summary>Drops drafts that expired before <paramref name="now"/>, and pictures only they referred to. Returns how many drafts went.</summary>
    ValueTask<int> DropExpiredDrafts(DateTimeOffset now, CancellationToken cancellationToken = default);

    /// <summary>Makes <paramref name="identity"/> answer for these hashes; a hash that belongs to another identity is refused with <see cref="StoreConflictException"/>.</summary>
    ValueTask AddAddress(Identity identity, string address, IReadOnlyList<AddressHash> hashes, CancellationToken cancellationToken = default);

    /// <summary>The addresses of an identity, as they were added.</summary>
    ValueTask<IReadOnlyList<string>> Addresses(Identity identity, CancellationToken cancellationToken = default);

    /// <summary>Its hashes stop resolving at once. False: it was not there.</summary>
    /// <param name="said">Goes into the log with it; null: nothing does.</param>
    ValueTask<bool> RemoveAddress(Identity identity, string address, AuditEntry? said = null, CancellationToken cancellationToken = default);
}
